import { isObject, type SourceUser } from '../model/source-user.ts';

/** A user for previews of a mapping outside the server: what a rule can name, and no secret. */
export type SampledUser = Pick<SourceUser, 'externalId' | 'state' | 'record' | 'custom'>;

/** Deeper than any attribute of a person. */
const deepest = 5;
const longestText = 1000;
const mostEntries = 50;

/** Names of attributes that hold a secret, or a key, or say how to get one. */
const secretName =
  /pass(?:word|wd|phrase|code)|secret|token|totp|otp(?:$|_)|(?:ssh|public|private|api)_?keys?|credential|certificate/i;

/** A copy of a user without secrets, without texts longer than 1,000 characters, and with the first 50 entries of a list. */
export function sampleUser({ externalId, state, record, custom }: SourceUser): SampledUser {
  return {
    externalId,
    state,
    record: objectOf(record, 0),
    custom: objectOf(custom, 0),
  };
}

const isSecret = (name: unknown) => typeof name === 'string' && secretName.test(name);

function objectOf(from: Readonly<Record<string, unknown>>, depth: number) {
  return Object.fromEntries(
    Object.entries(from)
      .filter(([name]) => !secretName.test(name))
      .flatMap(([name, value]) => {
        const copied = copyOf(value, depth + 1);
        return copied === undefined ? [] : [[name, copied]];
      }),
  );
}

/** Undefined leaves it out. */
function copyOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > longestText ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return undefined;
  if (!Array.isArray(value)) return objectOf(value as Record<string, unknown>, depth);
  return value
    .slice(0, mostEntries)
    .filter((entry) => !isObject(entry) || !isSecret(entry['name']))
    .map((entry) => copyOf(entry, depth + 1))
    .filter((entry) => entry !== undefined);
}
