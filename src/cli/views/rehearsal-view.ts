import type { Rehearsed } from '../../rehearsal/rehearse-fault.ts';
import type { Context } from '../context.ts';
import { checkedLine, type Line } from '../terminal/output.ts';
import { padToWidth, textWidth } from '../terminal/text-width.ts';

/** Rehearses every fault, with a line on standard error as each is done. */
export async function rehearseFaults({
  deps,
  output,
}: Pick<Context, 'deps' | 'output'>): Promise<readonly Rehearsed[]> {
  output.note('Rehearsing every fault of a directory; this takes a minute or two.');
  let count = 0;
  return deps.rehearse((done) => {
    count += 1;
    output.note(`${count}. ${nameOf(done)}: ${outcomeOf(done)}`);
  });
}

const nameOf = ({ faults }: Rehearsed) => faults.join(' + ');
const brokenOf = ({ findings }: Rehearsed) => findings.filter(({ broken }) => broken !== null);

function outcomeOf({ run }: Rehearsed): string {
  if (run.error !== null) return `${run.status}, ${run.error.code}`;
  return run.certificate?.complete === false ? `${run.status}, listing incomplete` : run.status;
}

/** Whether every invariant held under every fault. */
export function isWell(rehearsed: readonly Rehearsed[]): boolean {
  return rehearsed.every((each) => brokenOf(each).length === 0);
}

/** A rehearsal as scripts read it. */
export function rehearsalJson(rehearsed: readonly Rehearsed[]) {
  return {
    rehearsal: {
      faults: rehearsed.map((each) => ({
        fault: nameOf(each),
        run: { status: each.run.status, error: each.run.error?.code ?? null },
        broken: brokenOf(each),
      })),
      invariants: tally(rehearsed),
    },
  };
}

/** Each invariant, and under how many of the faults it held. */
function tally(rehearsed: readonly Rehearsed[]) {
  const findings = rehearsed.flatMap((each) => each.findings);
  const invariants = new Set(findings.map(({ invariant }) => invariant));
  return [...invariants].map((invariant) => {
    const own = findings.filter((finding) => finding.invariant === invariant);
    return { invariant, held: own.filter(({ broken }) => broken === null).length, of: own.length };
  });
}

/** The invariants that held, and the faults under which one didn't. */
export function describeRehearsal(rehearsed: readonly Rehearsed[]): readonly Line[] {
  const tallied = tally(rehearsed);
  const width = Math.max(...tallied.map(({ invariant }) => textWidth(invariant)));
  const lines = tallied.map(({ invariant, held, of }) =>
    checkedLine(held === of, `${padToWidth(invariant, width)}  held under ${held} of ${of} faults`),
  );
  const broken = rehearsed.flatMap((each) =>
    brokenOf(each).map((finding) => `  ${nameOf(each)}: ${finding.invariant}: ${finding.broken}`),
  );
  return broken.length === 0 ? lines : [...lines, 'Broken under:', ...broken];
}
