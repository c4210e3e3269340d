/**
 * The shape of the runs, records and configurations that this release writes. A release raises it when an earlier one
 * could not carry out what it writes: while both are at work, the workers of the earlier one leave that alone.
 */
export const dataShape = 1;

/** Whether a newer release wrote it, so that this one must not touch it. */
export function isNewer({ shape }: { readonly shape: number }): boolean {
  return shape > dataShape;
}
