/** What is measured. */
export interface Size {
  readonly stores: number;
  /** In each store. */
  readonly users: number;
  /** In the one large store. */
  readonly large: number;
  readonly workers: number;
  /** How long the directory takes over each answer. */
  readonly latencyMs: number;
  /** Over how many minutes the schedules are spread. */
  readonly minutes: number;
}
