import { didYouMean } from '../../core/suggest.ts';
import { type Answer, type ApiRequest, json } from '../api/answer.ts';
import type { SystemUser } from '../directory/system-user.ts';
import { FAULTS } from '../faults/faults.ts';
import { Refused } from '../refused.ts';
import type { World } from '../world.ts';
import { readUserFields } from './user-fields.ts';

/** The path of the control interface; JumpCloud has nothing there. */
export const controlPrefix = '/_simulator/';

type Input = Readonly<Record<string, unknown>>;
type Operation = (world: World, input: Input) => unknown;

/** The operations for a script or a demo, each a `POST` of a JSON object. A person is `id` or `email`. */
const operations: Readonly<Record<string, Operation>> = {
  /** `{count}` generated users, or one with the given `{fields}`. */
  hire: ({ people }, { count, fields }) => {
    if (fields !== undefined)
      return { people: [brief(people.hire(readUserFields(asObject(fields))))] };
    const hires = people.hireMany(asNumber('count', count ?? 1));
    return { people: hires.map(brief) };
  },
  /** `{id|email, firstname, lastname}`, and `newEmail` to change the address too. */
  rename: ({ people }, input) => {
    const email =
      input['newEmail'] === undefined ? {} : { email: asText('newEmail', input['newEmail']) };
    const firstname = asText('firstname', input['firstname']);
    const lastname = asText('lastname', input['lastname']);
    return { person: brief(people.rename(who(input), { firstname, lastname, ...email })) };
  },
  /** `{id|email, fields}`. */
  update: ({ people }, input) => ({
    person: brief(people.update(who(input), readUserFields(asObject(input['fields'])))),
  }),
  suspend: ({ people }, input) => ({ person: brief(people.suspend(who(input))) }),
  activate: ({ people }, input) => ({ person: brief(people.activate(who(input))) }),
  stage: ({ people }, input) => ({ person: brief(people.stage(who(input))) }),
  delete: ({ people }, input) => ({ person: brief(people.remove(who(input))) }),
  /** `{id|email, group}`, as the next one. A group is named by id or name. */
  'add-to-group': ({ people }, input) => {
    people.groups.addMember(asText('group', input['group']), people.get(who(input))._id);
    return { members: people.groups.membersOf(asText('group', input['group'])).length };
  },
  'remove-from-group': ({ people }, input) => {
    people.groups.removeMember(asText('group', input['group']), people.get(who(input))._id);
    return { members: people.groups.membersOf(asText('group', input['group'])).length };
  },
  /** `{group}`, as the next one. */
  'create-group': ({ people }, { group }) => ({
    group: people.groups.create(asText('group', group)),
  }),
  'delete-group': ({ people }, { group }) => ({
    group: people.groups.remove(asText('group', group)),
  }),
  /** `{faults: [name, …]}`; an empty list ends them all. */
  faults: (world, { faults }) => {
    if (!Array.isArray(faults)) throw new Refused('"faults" must be a list of names.');
    world.setFaults(faults.map((name) => asText('faults', name)));
    return { faults: world.faults };
  },
  /** `{perSecond}`; 0 for no limit. */
  rate: (world, { perSecond }) => {
    world.setRate(asNumber('perSecond', perSecond));
    return { ratePerSecond: world.ratePerSecond };
  },
  /** `{ms}`. */
  latency: (world, { ms }) => {
    world.setLatency(asNumber('ms', ms));
    return { latencyMs: world.latencyMs };
  },
};

/** Answers the control interface: `GET state` and the operations. Bad input is a 400 with a message. */
export function answerControl(request: ApiRequest, world: World): Answer {
  const name = request.path.slice(controlPrefix.length);
  if (name === 'state' && request.method === 'GET') return json(200, stateOf(world));
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) return unknownOperation(name);
  if (request.method !== 'POST') return json(405, { error: `Use POST for ${request.path}.` });
  try {
    return json(200, operation(world, readInput(request.body)));
  } catch (error) {
    if (error instanceof Refused) return json(400, { error: error.message });
    throw error;
  }
}

function stateOf({ people, log, faults, ratePerSecond, latencyMs }: World): object {
  const states: Record<string, number> = { ACTIVATED: 0, STAGED: 0, SUSPENDED: 0 };
  for (const { state } of people.all()) states[state] = (states[state] ?? 0) + 1;
  return {
    organization: people.organization,
    users: people.size,
    states,
    groups: people.groups.all().map(({ id, name }) => ({
      id,
      name,
      members: people.groups.membersOf(id).length,
    })),
    faults,
    knownFaults: FAULTS,
    ratePerSecond,
    latencyMs,
    requests: { total: log.total, byStatus: log.byStatus },
  };
}

function unknownOperation(name: string): Answer {
  const known = ['state', ...Object.keys(operations)];
  const error = `There is no "${name}" here.${didYouMean(name, known)} There are: ${known.join(', ')}.`;
  return json(404, { error });
}

function readInput(text: string): Input {
  try {
    return asObject(JSON.parse(text || '{}'));
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('The body must be JSON.');
  }
}

function who({ id, email }: Input): string {
  if (id === undefined && email === undefined)
    throw new Refused('Name the user: give "id" or "email".');
  return id === undefined ? asText('email', email) : asText('id', id);
}

function brief({ _id, email, state }: SystemUser): object {
  return { id: _id, email, state };
}

function asObject(value: unknown): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw new Refused('Give a JSON object, and one for "fields" where there are fields.');
}

function asText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Refused(`"${name}" must be a text.`);
}

const largestNumber = 1_000_000;

function asNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= largestNumber) return value;
  throw new Refused(`"${name}" must be a number from 0 to ${largestNumber}.`);
}
