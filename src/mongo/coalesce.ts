interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has calls that come while one is at work go together in the next one: a round trip to the database for all of them
 * instead of one for each. What is asked is always asked after the call began. `work` answers in the order asked.
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
      // After all that arrived in one turn of the event loop.
      setImmediate(() => void serve());
    });
}
