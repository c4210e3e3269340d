/** Lists and objects in a record may be nested so deep. JumpCloud nests three levels. */
export const mostLevels = 100;

/** Whether lists and objects of a value are nested deeper than `mostLevels`, told without recursion. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= mostLevels; depth += 1) {
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
