import { compileExpression } from '../../../src/core/mapping/expression.ts';
import type { Answer, Question } from './evaluation.ts';

/** A result as text would carry it: what an expression makes may be a function, or more than a message can hold. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null) ?? 'null');

async function answer({ texts, users }: Question): Promise<Answer> {
  const expressions = texts.map(compileExpression);
  const results: Answer[number][] = [];
  for (const user of users) {
    const ofUser = await Promise.all(expressions.map((evaluate) => evaluate(user)));
    results.push(ofUser.map((one) => ('value' in one ? { value: plain(one.value) } : one)));
  }
  return results;
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answer(data).then((results) => postMessage(results));
});
postMessage('ready');
