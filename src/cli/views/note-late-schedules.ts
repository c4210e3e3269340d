import type { Context } from '../context.ts';

/** Says that a store is changed although its schedule is not set yet. */
export function noteLateSchedules(
  { output }: Pick<Context, 'output'>,
  late: Pick<Error, 'message'> | null,
): void {
  if (late === null) return;
  output.note(`The store is changed, but its schedule is not yet: ${late.message}`);
  output.note('The schedule follows by itself once a worker reaches Redis.');
}
