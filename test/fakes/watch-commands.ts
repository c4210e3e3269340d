import type { Connection, mongo } from 'mongoose';

/** A connection string with which the driver reports its commands. */
export function reportingCommands(uri: string): string {
  const address = new URL(uri);
  address.searchParams.set('monitorCommands', 'true');
  return address.href;
}

export interface CommandWatch {
  /** The commands that were sent and answered while `work` was done, as `collection.command`, step by step. */
  stepsOf(work: () => Promise<unknown>): Promise<readonly (readonly string[])[]>;
}

interface Command {
  readonly name: string;
  readonly began: number;
  ended: number;
}

/** Watches the commands of a connection that reports them. */
export function watchCommands(connection: Connection): CommandWatch {
  const client = connection.getClient();
  let time = 0;
  let seen: Command[] = [];
  const open = new Map<number, Command>();
  client.on('commandStarted', ({ requestId, commandName, command }: mongo.CommandStartedEvent) => {
    time += 1;
    const name = `${String((command as Readonly<Record<string, unknown>>)[commandName])}.${commandName}`;
    const began = { name, began: time, ended: Number.POSITIVE_INFINITY };
    open.set(requestId, began);
    seen.push(began);
  });
  const end = ({ requestId }: { readonly requestId: number }): void => {
    time += 1;
    const ended = open.get(requestId);
    if (ended !== undefined) ended.ended = time;
    open.delete(requestId);
  };
  client.on('commandSucceeded', end);
  client.on('commandFailed', end);
  return {
    async stepsOf(work) {
      seen = [];
      await work();
      return inSteps(seen);
    },
  };
}

/** A command is one step later than the last one that had ended when it began. */
function inSteps(commands: readonly Command[]): readonly (readonly string[])[] {
  const steps: string[][] = [];
  const stepOf = new Map<Command, number>();
  for (const command of commands) {
    const before = commands.filter(({ ended }) => ended < command.began);
    const step = Math.max(-1, ...before.map((each) => stepOf.get(each) ?? -1)) + 1;
    stepOf.set(command, step);
    steps[step] = [...(steps[step] ?? []), command.name].sort();
  }
  return steps;
}
