import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { mongo } from 'mongoose';

/** The part of the driver's `Connection` that is changed here. */
interface DriverConnection {
  readonly socket: Socket;
  readonly address: string;
  writeCommand: (this: DriverConnection, ...args: unknown[]) => Promise<void>;
}

/**
 * Makes the MongoDB driver refuse a command on a socket that is closed already. The driver (7.8, 7.9)
 * writes the command and waits for `drain`, which a closed socket never emits. When a server ends,
 * its connections close in one turn of the event loop: the first to close wakes the monitor, which
 * writes to a connection that closes next, waits for ever, and never finds the server again.
 */
export function refuseClosedSockets(): void {
  const { prototype } = driverConnection();
  const write = prototype.writeCommand;
  prototype.writeCommand = async function (...args) {
    if (this.socket.destroyed) {
      throw new mongo.MongoNetworkError(`the connection to ${this.address} is closed`);
    }
    return write.apply(this, args);
  };
}

function driverConnection(): { readonly prototype: DriverConnection } {
  // The driver is a dependency of mongoose, which decides its version.
  const mongoose = createRequire(import.meta.url).resolve('mongoose');
  const path = 'mongodb/lib/cmap/connection.js';
  const { Connection } = createRequire(mongoose)(path) as {
    readonly Connection: { readonly prototype: DriverConnection };
  };
  return Connection;
}
