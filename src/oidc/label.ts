const known = [
  [/(^|\.)jumpcloud\.com$/, 'JumpCloud'],
  [/(^|\.)okta(-emea|preview)?\.com$/, 'Okta'],
  [/^login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)$/, 'Microsoft'],
  [/^accounts\.google\.com$/, 'Google'],
] as const;

/** The name of a provider for people: a known one, or its host. */
export function labelOf(issuer: string): string {
  const { hostname, host } = new URL(issuer);
  return known.find(([pattern]) => pattern.test(hostname))?.[1] ?? host;
}
