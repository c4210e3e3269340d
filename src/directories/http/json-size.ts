/**
 * The most values of one answer: a page of 100 users with 2,000 values each. A tiny value takes up to a hundred times
 * its text in memory, so that a bound on the text alone does not bound the memory.
 */
export const mostValues = 200_000;

/** Whether a JSON text has more values than `mostValues`, told without parsing it, in one pass. */
export function hasTooManyValues(text: string): boolean {
  if (text.length <= mostValues) return false;
  let values = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    // Each value but the first follows the beginning of a list or an object, or a comma.
    else if (code === bracket || code === brace || code === comma) values += 1;
    if (values > mostValues) return true;
  }
  return false;
}

const [quote, backslash, bracket, brace, comma] = Buffer.from('"\\[{,');
