/** A value as YAML in one line, its keys in order so that equal values read the same. */
export function inlineYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{ ${entries.map(([key, each]) => `${key}: ${inlineYaml(each)}`).join(', ')} }`;
  }
  if (typeof value === 'string' && isPlain(value)) return value;
  return JSON.stringify(value);
}

/** Whether YAML reads a text as itself without quotes. */
function isPlain(text: string): boolean {
  return (
    /^[\p{L}_](?:[\p{L}\p{N}_./ -]*[\p{L}\p{N}_])?$/u.test(text) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
  );
}
