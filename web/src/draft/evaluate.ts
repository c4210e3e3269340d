import type { OpenExpressions } from '../../../src/core/mapping/expression.ts';
import type { Answer, Question } from './evaluation.ts';
// oxlint-disable-next-line import/default -- Vite makes it: the address of the worker's script.
import workerAddress from './expression-worker.ts?worker&url';

/** An expression took longer than a page may wait for it. */
export class TooSlow extends Error {}

const patienceMs = 1_000;

interface Policy {
  createScriptURL(address: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

/** The one policy of the console: it lets through the address of the worker, and nothing else. */
const policy: Policy | undefined = (
  globalThis as { readonly trustedTypes?: TrustedTypes }
).trustedTypes?.createPolicy('rollcall', {
  createScriptURL(address) {
    if (address !== workerAddress) throw new Error(`${address} is no script of the console.`);
    return address;
  },
});

let idle: Worker | null = null;

/**
 * Evaluates expressions in a worker, so that none of them can freeze the page: `TooSlow` after a second. A worker that
 * was not in time is ended.
 */
export const evaluateInWorker: OpenExpressions = (texts) => async (users) => {
  const worker = idle ?? (await startWorker());
  idle = null;
  const question: Question = { texts, users };
  return new Promise<Answer>((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      worker.terminate();
      reject(error);
    };
    const timer = setTimeout(() => fail(new TooSlow()), patienceMs);
    worker.onerror = () => fail(new Error('The expressions could not be evaluated.'));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      clearTimeout(timer);
      idle = worker;
      resolve(data);
    };
    worker.postMessage(question);
  });
};

/** The time that the script takes to load does not count. */
function startWorker(): Promise<Worker> {
  const address = policy?.createScriptURL(workerAddress) ?? workerAddress;
  const worker = new Worker(address, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = () => reject(new Error('The worker for expressions could not be loaded.'));
  });
}
