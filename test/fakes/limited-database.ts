import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { mongo } from 'mongoose';
import {
  encodeReply,
  parseRequest,
  readMessages,
} from '../../packages/dev-services/src/gateway/wire.ts';

type Command = Readonly<Record<string, unknown>>;

/** The tests' database as a user with fewer rights, or another kind of server, would meet it. */
export interface LimitedDatabase {
  readonly uri: string;
  close(): Promise<void>;
}

/**
 * Hands commands on to a database, but for those that `answer` answers itself. The server of the tests has no users and
 * no replica sets; a real one answers with the same documents.
 */
export async function startLimitedDatabase(
  uri: string,
  answer: (name: string, command: Command) => Command | null,
): Promise<LimitedDatabase> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(uri).port), '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
    far.pipe(near);
    void passOn(near, far, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    uri: `mongodb://127.0.0.1:${port}/`,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function passOn(
  near: Socket,
  far: Socket,
  answer: (name: string, command: Command) => Command | null,
): Promise<void> {
  try {
    for await (const message of readMessages(near)) {
      const request = parseRequest(message);
      const command = mongo.BSON.deserialize(request.document);
      const own = answer(Object.keys(command)[0] ?? '', command);
      if (own === null) far.write(message);
      else near.write(encodeReply(request, mongo.BSON.serialize(own)));
    }
  } catch {
    near.destroy();
  }
}

/** The answer of MongoDB to a command that the user has no right to. */
export function unauthorized(name: string): Command {
  const errmsg = `not authorized on rollcall to execute command { ${name}: 1 }`;
  return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg };
}
