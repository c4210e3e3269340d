import { z } from 'zod';

const user = z.object({
  _id: z.string(),
  email: z.string(),
  firstname: z.string().optional(),
  lastname: z.string().optional(),
  department: z.string().optional(),
  state: z.string(),
});
const listing = z.object({ results: z.array(user) });

/** A user of the simulated JumpCloud. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly department: string;
}

/** The output of `rollcall simulator --json`. */
export const simulatorDocument = z.object({
  url: z.string(),
  apiKey: z.string(),
  organization: z.object({ id: z.string(), name: z.string() }),
});
export type SimulatorDocument = z.infer<typeof simulatorDocument>;

/** Active people with a department whose address follows their name: a demo should read easily. */
export async function listPeople(directory: SimulatorDocument): Promise<readonly Person[]> {
  const people = await listActive(directory);
  return people.filter(({ email, firstName, lastName, department }) => {
    const follows = email.startsWith(`${firstName}.${lastName}@`.toLowerCase());
    return follows && firstName !== '' && lastName !== '' && department !== '';
  });
}

/** All active users. */
export async function listActive({ url, apiKey }: SimulatorDocument): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let skip = 0; ; skip += 100) {
    const page = await fetch(`${url}/api/systemusers?sort=_id&limit=100&skip=${skip}`, {
      headers: { 'x-api-key': apiKey },
    });
    const { results } = listing.parse(await page.json());
    if (results.length === 0) return people;
    const active = results.filter(({ state }) => state === 'ACTIVATED');
    people.push(
      ...active.map(({ _id: id, email, firstname = '', lastname = '', department = '' }) => {
        return { id, email, firstName: firstname, lastName: lastname, department };
      }),
    );
  }
}

/** Changes the simulated JumpCloud, as its administrators would in its console. */
export async function changeDirectory(
  { url }: Pick<SimulatorDocument, 'url'>,
  operation: string,
  input: object,
): Promise<void> {
  const response = await fetch(`${url}/_simulator/${operation}`, {
    method: 'POST',
    body: JSON.stringify(input),
  });
  if (!response.ok)
    throw new Error(`The simulator refused to ${operation}: ${await response.text()}`);
}
