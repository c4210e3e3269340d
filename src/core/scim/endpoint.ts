/** The sync endpoint of a store, which a directory takes as its base URL, without a final slash. */
export function syncEndpoint(publicUrl: string, storeId: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/scim/v2/${storeId}`;
}
