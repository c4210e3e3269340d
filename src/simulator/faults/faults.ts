import { didYouMean } from '../../core/suggest.ts';
import type { Handler } from '../api/answer.ts';
import { Refused } from '../refused.ts';
import { answerFaults } from './answer-faults.ts';
import type { Fault, FaultWorld } from './fault.ts';
import { listingFaults } from './listing-faults.ts';

const registry: Readonly<Record<string, Fault>> = { ...listingFaults, ...answerFaults };

/** Every fault for help texts: its name, what it does, and what `N` in `name=N` means, if it takes one. */
export const FAULTS: readonly {
  readonly name: string;
  readonly description: string;
  readonly amount: string | null;
}[] = Object.entries(registry).map(([name, { description, amount }]) => ({
  name,
  description,
  amount: amount === undefined ? null : `${amount.meaning} (${amount.otherwise})`,
}));

/**
 * Wraps the API in faults given as `name` or `name=N`, the first one outermost.
 * An unknown name, or an N where none is taken, is `Refused`.
 */
export function applyFaults(
  names: readonly string[],
  { api, ...world }: Omit<FaultWorld, 'amount'> & { readonly api: Handler },
): Handler {
  return names
    .map(readFault)
    .reduceRight((handle, { fault, amount }) => fault.wrap(handle, { ...world, amount }), api);
}

function readFault(text: string): { readonly fault: Fault; readonly amount: number } {
  const [name = '', amountText] = text.split('=');
  const fault = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (fault === undefined) {
    throw new Refused(`There is no fault "${name}".${didYouMean(name, Object.keys(registry))}`);
  }
  if (amountText === undefined) return { fault, amount: fault.amount?.otherwise ?? 0 };
  if (fault.amount === undefined) throw new Refused(`The fault "${name}" takes no number.`);
  if (!/^\d{1,9}$/.test(amountText)) {
    throw new Refused(`"${text}": after = stands a whole number, ${fault.amount.meaning}.`);
  }
  return { fault, amount: Number(amountText) };
}
