/*
 * The program of a process that evaluates expressions for its parent (`child-process.ts`). It gets the expressions
 * once, and then one page after the other; it sends each result as soon as it has it, so that the parent always knows
 * at which user it works.
 */
import { once } from 'node:events';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { compileExpression, type Expression } from '../core/mapping/expression.ts';
import { type ChildMessage, type ParentMessage, pack } from './messages.ts';

/** A signal for the whole group of processes is for the parent, which may still need results. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** An endless expression blocks this thread, so another one ends the process when its parent is gone. */
const watchdog = new Worker(
  `const look = () => process.ppid === ${Number(process.argv[2])} || process.kill(process.pid, 'SIGKILL');
  look();
  setInterval(look, 500);`,
  { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } },
);
await once(watchdog, 'online');
watchdog.unref();

let expressions: readonly Expression[] = [];

process.on('message', (message: ParentMessage) => void work(message));

async function work(message: ParentMessage): Promise<void> {
  if ('texts' in message) {
    expressions = message.texts.map(compileExpression);
    await send('ready');
    return;
  }
  for (const [at, index] of message.todo) {
    const evaluate = expressions[index];
    const text = message.users[at];
    if (evaluate === undefined || text === undefined)
      throw new Error('there is no such evaluation');
    await send(pack(await evaluate(JSON.parse(text))));
  }
}

/** Waits until the message is on its way: results must not be lost when the next evaluation ends this process. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
