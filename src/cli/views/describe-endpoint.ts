/** The endpoint and token that an administrator gives the directory, once. */
export function describeEndpoint(endpoint: string, token: string): readonly string[] {
  return [
    `Sync endpoint: ${endpoint}`,
    `SCIM token:    ${token}`,
    'Give both to the directory now: the token is not shown again.',
  ];
}
