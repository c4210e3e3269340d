/** A shorter secret could match ordinary words. */
const shortestSecret = 6;

/** All secrets that messages must not repeat, even if the source does: the given ones and those sent in headers. */
export function secretsOf(
  signIn: { readonly secrets: readonly string[] },
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const sent = Object.values(headers).map((value) => value.replace(/^(Basic|Bearer) /, ''));
  return [...signIn.secrets, ...sent].filter((secret) => secret.length >= shortestSecret);
}
