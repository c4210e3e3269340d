/** The sync endpoint of a store: what an administrator gives the directory as base URL, without a slash at the end. */
export function syncEndpoint(publicUrl: string, storeId: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/scim/v2/${storeId}`;
}
