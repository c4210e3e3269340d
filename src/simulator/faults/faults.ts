import { didYouMean } from '../../core/suggest.ts';
import type { Handler } from '../api/answer.ts';
import { hashOf, seededRandom } from '../directory/random.ts';
import { Refused } from '../refused.ts';
import { answerFaults } from './answer-faults.ts';
import { byIdFaults } from './by-id-faults.ts';
import type { Fault, FaultKind, FaultWorld } from './fault.ts';
import { groupFaults } from './group-faults.ts';
import { hostileFaults } from './hostile-faults.ts';
import { listingFaults } from './listing-faults.ts';
import { midwayFaults } from './midway-faults.ts';
import { rateLimitFaults } from './rate-limit-faults.ts';
import { recordFaults } from './record-faults.ts';
import { refusalFaults } from './refusal-faults.ts';

const registry: Readonly<Record<string, Fault>> = {
  ...refusalFaults,
  ...answerFaults,
  ...rateLimitFaults,
  ...listingFaults,
  ...byIdFaults,
  ...groupFaults,
  ...midwayFaults,
  ...recordFaults,
  ...hostileFaults,
};

/** The kinds of faults, in words. */
export const FAULT_KINDS: Readonly<Record<FaultKind, string>> = {
  refuses: 'the credential is refused',
  fails: 'the source fails or is slow',
  lies: 'answers look fine, but are untrue about who is there',
  odd: 'the data is true, but strange',
};

/** Every fault for help texts: its name, what it does, what `N` in `name=N` means if it takes one, its kind. */
export const FAULTS: readonly {
  readonly name: string;
  readonly description: string;
  readonly amount: string | null;
  readonly kind: FaultKind;
}[] = Object.entries(registry).map(([name, { description, amount, kind }]) => ({
  name,
  description,
  amount: amount === undefined ? null : `${amount.meaning} (${amount.otherwise})`,
  kind,
}));

interface Applying extends Pick<FaultWorld, 'directory' | 'apiOf'> {
  readonly api: Handler;
  readonly seed: number;
}

/**
 * Wraps the API in faults given as `name` or `name=N`, the first one outermost.
 * An unknown name, or an N where none is taken, is `Refused`.
 */
export function applyFaults(names: readonly string[], { api, seed, ...world }: Applying): Handler {
  return names.map(readFault).reduceRight((handle, { name, fault, amount }) => {
    // Not derived from its place in the list: adding another fault must not change this one's numbers.
    const random = seededRandom(seed ^ hashOf(name));
    return fault.wrap(handle, { ...world, amount, random });
  }, api);
}

interface ChosenFault {
  readonly name: string;
  readonly fault: Fault;
  readonly amount: number;
}

function readFault(text: string): ChosenFault {
  const [name = '', amountText] = text.split('=');
  const fault = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (fault === undefined) {
    throw new Refused(`There is no fault "${name}".${didYouMean(name, Object.keys(registry))}`);
  }
  if (amountText === undefined) return { name, fault, amount: fault.amount?.otherwise ?? 0 };
  if (fault.amount === undefined) throw new Refused(`The fault "${name}" takes no number.`);
  if (!/^\d{1,9}$/.test(amountText)) {
    throw new Refused(`"${text}": a whole number must follow =, ${fault.amount.meaning}.`);
  }
  return { name, fault, amount: Number(amountText) };
}
