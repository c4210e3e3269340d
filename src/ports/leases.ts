/** One worker at a time works on a store. */
export interface LeaseStore {
  /** True when `holder` has the lease now; an expired one can be taken over. */
  acquire(lease: {
    readonly storeId: string;
    readonly holder: string;
    readonly ttlMs: number;
  }): Promise<boolean>;
  /** False when another holder has the lease. */
  renew(lease: {
    readonly storeId: string;
    readonly holder: string;
    readonly ttlMs: number;
  }): Promise<boolean>;
  release(lease: { readonly storeId: string; readonly holder: string }): Promise<void>;
}
