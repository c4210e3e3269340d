import type { Command } from 'commander';
import { checkInstallation } from '../checks/check-installation.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import type { Finding } from '../dependencies.ts';
import { checkedLine, type Line } from '../terminal/output.ts';
import { padToWidth, textWidth } from '../terminal/text-width.ts';
import {
  describeRehearsal,
  isWell,
  rehearsalJson,
  rehearseFaults,
} from '../views/rehearsal-view.ts';
import { plural } from '../views/words.ts';

export function addDoctor(program: Command, context: Context): void {
  addCommand(program, {
    usage: 'doctor',
    summary: 'check settings, connections, indexes, keys, schedules and workers',
    examples: ['rollcall doctor', 'rollcall doctor --rehearse'],
  })
    .option(
      '--rehearse',
      'also rehearse every fault of a directory, on stores that are thrown away',
    )
    .action((options: { readonly rehearse?: true }) => runDoctor(context, options));
}

async function runDoctor(context: Context, options: { readonly rehearse?: true }): Promise<void> {
  const { deps, output } = context;
  const { findings: ofServices, clocks, unusable } = await deps.checkServices();
  const findings = [...ofServices];
  if (unusable === null) {
    await withPorts(context, async ({ ports, publicUrl }) => {
      findings.push(...(await checkInstallation(ports, { clocks, publicUrl })));
    });
  }
  const wanted = options.rehearse === true && unusable === null;
  const rehearsed = wanted ? await rehearseFaults(context) : null;
  const ok = findings.every((finding) => finding.ok) && isWell(rehearsed ?? []);
  const document = { ok, checks: findings, ...(rehearsed && rehearsalJson(rehearsed)) };
  await output.answer(document, () => [
    ...(rehearsed === null ? [] : [...describeRehearsal(rehearsed), '']),
    ...describeFindings(findings),
  ]);
  // The exit code that any other command would have for the same reason.
  if (!ok) context.setExitCode(unusable === null ? 1 : exitCodes[unusable]);
}

const exitCodes = { settings: 78, services: 69 } as const;

function describeFindings(findings: readonly Finding[]): readonly Line[] {
  const width = Math.max(...findings.map(({ about }) => textWidth(about)));
  const lines = findings.flatMap(({ about, ok, message, advice }): readonly Line[] => {
    const indent = ' '.repeat(width + 4);
    const [first = '', ...rest] = message.split('\n');
    return [
      checkedLine(ok, `${padToWidth(about, width)}  ${first}`),
      ...rest.map((line) => indent + line),
      ...(advice === undefined ? [] : [`${indent}→ ${advice}`]),
    ];
  });
  return [...lines, '', verdictOn(findings)];
}

/** What works may still wait for a person. */
function verdictOn(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ ok }) => !ok).length;
  if (wrong > 0) return `${plural(wrong, 'thing')} to look at.`;
  const isWaiting = findings.some(({ advice }) => advice !== undefined);
  return isWaiting ? 'All works, and something waits for you.' : 'All is well.';
}
