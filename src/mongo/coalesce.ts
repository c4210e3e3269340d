interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins calls that arrive while one is running into the next one: one round trip to the database for all of them
 * instead of one for each. The query is always sent after the call began. `work` answers in the order of the calls.
 */
export function coalesce<Asked, Answer>(
  work: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  most: number,
): (asked: Asked) => Promise<Answer> {
  const waiting: Waiting<Asked, Answer>[] = [];
  let isBusy = false;
  const serve = async (): Promise<void> => {
    while (waiting.length > 0) {
      const turn = waiting.splice(0, most);
      try {
        const answers = await work(turn.map(({ asked }) => asked));
        for (const [at, { resolve }] of turn.entries()) resolve(answers[at] as Answer);
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
    }
    isBusy = false;
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      // After all calls that arrived in one turn of the event loop.
      setImmediate(() => void serve());
    });
}
