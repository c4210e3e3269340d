/**
 * The address of a request as the routes of SCIM have it. A base URL is often pasted with a slash at its end, and then
 * `/Users` follows a doubled one; some clients end every path with one. Other addresses stay as they are.
 */
export function tidyScimUrl(url: string): string {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (!/^\/+scim\/+v2(?:\/|$)/.test(path)) return url;
  const tidy = path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return end === -1 ? tidy : tidy + url.slice(end);
}
