/** Counts of writes, so that tests can say that nothing was written. */
export interface WriteLog {
  members: number;
  records: number;
  runs: number;
  leases: number;
}
