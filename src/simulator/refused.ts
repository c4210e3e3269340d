/** What was asked of the simulator can't be done; the message says why and what would be right. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}

/** The known name nearest to a mistyped one, as ` Did you mean "…"?`; empty when none is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .toSorted((left, right) => left.distance - right.distance)[0];
  const near = nearest !== undefined && nearest.distance <= Math.max(2, name.length / 3);
  return near ? ` Did you mean "${nearest.candidate}"?` : '';
}

/** How many letters must be added, left out or changed to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.split('').entries()) {
    const current = [row + 1];
    for (const [column, other] of to.split('').entries()) {
      const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
