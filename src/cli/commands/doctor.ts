import type { Command } from 'commander';
import { describeUndecided } from '../../core/alerts/describe-alert.ts';
import { emailKeyOf } from '../../core/email.ts';
import { InvalidInput, messageOf, Unavailable } from '../../core/errors.ts';
import type { Member } from '../../core/model/member.ts';
import { needsPerson } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import { timeZoneProblem } from '../../core/schedule/check-time-zone.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import { latestHeeded, putOffUntil } from '../../core/schedule/put-off.ts';
import { shellWord } from '../../core/shell-word.ts';
import { readSections } from '../../manage/stores/configure-store.ts';
import type { Ports } from '../../ports/index.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import type { Finding } from '../dependencies.ts';
import { checkedLine, type Line } from '../terminal/output.ts';
import { padToWidth, textWidth } from '../terminal/text-width.ts';
import { checkTokens } from '../views/expiring-tokens.ts';
import {
  describeRehearsal,
  isWell,
  rehearsalJson,
  rehearseFaults,
} from '../views/rehearsal-view.ts';
import { exactTime, plural } from '../views/words.ts';

/** How late a scheduled run may be before `doctor` reports it. */
const toleratedDelayMs = 10 * 60_000;

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
  const { findings: ofServices, usable } = await deps.checkServices();
  const findings = [...ofServices];
  if (usable) {
    await withPorts(context, async ({ ports }) => {
      findings.push(...(await checkInstallation(ports)));
    });
  }
  const wanted = options.rehearse === true && usable;
  const rehearsed = wanted ? await rehearseFaults(context) : null;
  const ok = findings.every((finding) => finding.ok) && isWell(rehearsed ?? []);
  const document = { ok, checks: findings, ...(rehearsed && rehearsalJson(rehearsed)) };
  await output.answer(document, () => [
    ...(rehearsed === null ? [] : [...describeRehearsal(rehearsed), '']),
    ...describeFindings(findings),
  ]);
  if (!ok) context.setExitCode(exitCodeFor(findings, usable));
}

/** The exit code that any other command would have for the same reason. */
function exitCodeFor(findings: readonly Finding[], usable: boolean): number {
  if (usable) return 1;
  const areSettingsWrong = findings.some(({ about, ok }) => about === 'settings' && !ok);
  return areSettingsWrong ? 78 : 69;
}

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

/** The checks that need right settings and reachable services. */
async function checkInstallation(
  ports: Pick<
    Ports,
    | 'stores'
    | 'members'
    | 'runs'
    | 'queue'
    | 'alerts'
    | 'clock'
    | 'directories'
    | 'tokens'
    | 'scimTokens'
  >,
): Promise<readonly Finding[]> {
  const stores = await ports.stores.list();
  const perStore = await Promise.all(
    stores.map(async (store) => [
      await checkCredential(ports, store),
      ...(await checkSchedule(ports, store)),
      ...checkZone(store),
      ...checkMaxima(ports, store),
      ...(await checkHeld(ports, store)),
      ...(await checkUndecided(ports, store)),
    ]),
  );
  return [
    await checkWorkers(ports),
    await checkAlerts(ports),
    ...(await checkTokens(ports, stores)),
    ...perStore.flat(),
    ...(await checkAddresses(ports, stores)),
  ];
}

function good(about: string, message: string): Finding {
  return { about, ok: true, message };
}

function bad(about: string, message: string, advice: string): Finding {
  return { about, ok: false, message, advice };
}

async function checkWorkers(ports: Pick<Ports, 'queue' | 'runs'>): Promise<Finding> {
  const about = 'workers';
  try {
    const count = await ports.queue.workerCount();
    if (count > 0) return good(about, `${plural(count, 'worker')} listening`);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return bad(about, error.message, error.hint ?? 'Start Redis.');
  }
  const { length } = await ports.runs.list({ statuses: ['queued'] });
  const waiting =
    length === 0
      ? 'so no run will begin'
      : `and ${plural(length, 'run waits', 'runs wait')} for one`;
  return bad(about, `none is running, ${waiting}`, 'Start one with: rollcall serve worker');
}

async function checkAlerts({ alerts }: Pick<Ports, 'alerts'>): Promise<Finding> {
  const about = 'alerts';
  if (alerts.isSilent) {
    return good(
      about,
      'go nowhere: set ALERT_WEBHOOK_URL to be told of runs that are held or fail',
    );
  }
  const { waiting, failing, givenUp, lastError } = await alerts.summary();
  if (failing + givenUp === 0) {
    const rest = waiting === 0 ? 'none waits' : `${plural(waiting, 'alert waits', 'alerts wait')}`;
    return good(about, `posted to ALERT_WEBHOOK_URL; ${rest} to be sent`);
  }
  const parts = [
    ...(failing === 0 ? [] : [`${plural(failing, 'alert')} not delivered yet`]),
    ...(givenUp === 0 ? [] : [`${plural(givenUp, 'alert')} given up`]),
  ];
  const rest =
    givenUp === 0
      ? 'They are then sent by themselves.'
      : 'What was given up is not sent again: look through rollcall runs list.';
  const advice = `See that what ALERT_WEBHOOK_URL names answers with 2xx. ${rest}`;
  return bad(about, `${parts.join(', ')}: the receiver ${lastError}`, advice);
}

async function checkCredential(
  ports: Pick<Ports, 'stores'>,
  store: DirectoryStore,
): Promise<Finding> {
  const about = `store ${store.name}`;
  const advice = reauthorizeHint(store.name);
  if (store.status === 'needs-reauthorization') {
    return bad(about, 'its directory refuses the credential', advice);
  }
  try {
    const credential = await ports.stores.credential(store.id);
    const how =
      credential === null ? 'is pushed into over SCIM' : 'its credential can be decrypted';
    return good(about, `${store.status}; ${how}`);
  } catch (error) {
    const message = `its credential can't be decrypted: ${messageOf(error)}`;
    const restore = 'Put the key it was encrypted with back into SECRETS_KEYS.';
    return bad(about, message, `${restore} Or: ${advice}`);
  }
}

/** A held run works as it should, and waits for a decision. */
async function checkHeld(
  ports: Pick<Ports, 'runs'>,
  { id, name }: DirectoryStore,
): Promise<readonly Finding[]> {
  const [latest, ...others] = await ports.runs.list({ storeId: id, holding: true });
  if (latest === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${plural(others.length, 'earlier run')}`;
  const message = `run ${latest.id} holds ${plural(latest.counts.held, 'change')}${more}`;
  const advice = `See which with: rollcall runs show ${latest.id} --records; then approve or reject them`;
  return [{ ...good(`held in ${name}`, message), advice }];
}

const mostListed = 20;
const mostWithoutClaim = 1000;

/** Conflicts over an address are reported by every run; a list of all of them only here. */
async function checkAddresses(
  { members }: Pick<Ports, 'members'>,
  stores: readonly DirectoryStore[],
): Promise<readonly Finding[]> {
  const without = await members.withoutClaim(mostWithoutClaim);
  const keyOf = ({ fields }: Member): string => emailKeyOf(fields.email ?? '');
  const owners = new Map(
    (await members.byEmailKeys(without.map(keyOf))).map((owner) => [owner.emailKey, owner]),
  );
  const names = new Map(stores.map(({ id, name }) => [id, name]));
  const describe = ({ id, fields, storeId }: Member): string =>
    `${fields.email} (${storeId === null ? `member ${id}` : `${id} of store ${names.get(storeId) ?? storeId}`})`;
  const lines = without.flatMap((member) => {
    const owner = owners.get(keyOf(member));
    return owner === undefined ? [] : [`${describe(member)}: it belongs to ${describe(owner)}`];
  });
  if (lines.length === 0) return [];
  const listed = lines.slice(0, mostListed);
  const more = lines.length > mostListed ? ['and more'] : [];
  const count =
    more.length > 0 ? `more than ${mostListed} members` : plural(lines.length, 'member');
  const title = `${count} without a claim on the address, which another member has`;
  const advice =
    'Give each person an address of their own in the directory, or remove the account that is too many there, and sync. ' +
    'Until then all of them stay as they are, and each run reports a conflict.';
  return [{ ...good('addresses', [title, ...listed, ...more].join('\n')), advice }];
}

/** The directory has left open for several runs in a row whether users are there. */
async function checkUndecided(
  { stores }: Pick<Ports, 'stores'>,
  { id, name }: DirectoryStore,
): Promise<readonly Finding[]> {
  const [summary] = await stores.syncSummaries(id);
  const undecided = summary?.undecided ?? null;
  if (!needsPerson(undecided)) return [];
  const advice = `Members that it concerns stay as they are. See why with: rollcall runs list --store ${shellWord(name)}, and: rollcall runs show RUN --records`;
  return [bad(`directory of ${name}`, describeUndecided(undecided), advice)];
}

/** A missing run that was due shows that the schedule doesn't fire. */
async function checkSchedule(
  ports: Pick<Ports, 'runs' | 'clock'>,
  store: DirectoryStore,
): Promise<readonly Finding[]> {
  const { schedule } = store.config;
  if (store.status !== 'active' || schedule === null || !schedule.enabled) return [];
  const about = `schedule of ${store.name}`;
  const now = ports.clock.now();
  const putOff = putOffUntil(await ports.runs.list({ ...latestHeeded, storeId: store.id }));
  if (putOff !== null && putOff > now) {
    const advice = `See what it says with: rollcall runs list --store ${shellWord(store.name)}. When that is settled: rollcall sync ${shellWord(store.name)} --wait`;
    const message = `put off until ${exactTime(putOff)}: the directory keeps answering 403`;
    return [bad(about, message, advice)];
  }
  const [last] = await ports.runs.list({ storeId: store.id, limit: 1 });
  const since = Math.max(last?.createdAt.getTime() ?? 0, store.updatedAt.getTime());
  const due = nextRun(schedule, new Date(since));
  if (due !== null && now.getTime() - due.getTime() > toleratedDelayMs) {
    const advice =
      'See that a worker is running: it keeps the schedules. Start one with: rollcall serve worker';
    return [bad(about, `a run was due at ${exactTime(due)} and didn't start`, advice)];
  }
  const next = nextRun(schedule, now);
  return [good(about, next === null ? 'no run is due any more' : `next run at ${exactTime(next)}`)];
}

/** Earlier releases took abbreviations for time zones; a store that has one goes on as it did. */
function checkZone({ name, config: { schedule } }: DirectoryStore): readonly Finding[] {
  const problem = schedule === null ? null : timeZoneProblem(schedule.timezone);
  if (problem === null) return [];
  const message = `runs may be due at other times than is meant: ${problem}`;
  const advice = `Give the schedule the area that is meant with: rollcall store apply ${shellWord(name)} -f FILE`;
  return [{ ...good(`time zone of ${name}`, message), advice }];
}

/** A configuration of an earlier release may be larger, or otherwise such as can't be saved now. */
function checkMaxima(ports: Pick<Ports, 'directories'>, store: DirectoryStore): readonly Finding[] {
  const { mapping, criteria } = store.config;
  try {
    readSections(ports, store, { mapping, criteria });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const message = `could not be saved again as it is:\n${error.message}`;
    const advice = `Change that with: rollcall store apply ${shellWord(store.name)} -f FILE`;
    return [{ ...good(`configuration of ${store.name}`, message), advice }];
  }
}
