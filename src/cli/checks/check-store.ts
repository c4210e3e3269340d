import { describeUndecided } from '../../core/alerts/describe-alert.ts';
import { type ClockReading, readClock } from '../../core/clocks.ts';
import { InvalidInput, messageOf } from '../../core/errors.ts';
import { heldIn, needsPerson } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import { seeRunbook } from '../../core/runbooks.ts';
import { timeZoneProblem } from '../../core/schedule/check-time-zone.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import { latestHeeded, putOffUntil } from '../../core/schedule/put-off.ts';
import { shellWord } from '../../core/shell-word.ts';
import { readSections } from '../../manage/stores/configure-store.ts';
import type { Ports } from '../../ports/index.ts';
import { askSource } from '../../sync/source/ask-source.ts';
import type { Finding } from '../dependencies.ts';
import { exactTime, plural } from '../views/words.ts';
import { bad, good } from './finding.ts';

/** How late a scheduled run may be before `doctor` reports it. */
const toleratedDelayMs = 10 * 60_000;

/** All that is to say of one store. `onClock` is told what its directory says the time is. */
export async function checkStore(
  ports: StorePorts,
  store: DirectoryStore,
  onClock: (reading: ClockReading) => void,
): Promise<readonly Finding[]> {
  const credential = await checkCredential(ports, store);
  return [
    credential,
    ...(credential.ok ? await checkDirectory(ports, store, onClock) : []),
    ...(await checkLastSync(ports, store)),
    ...(await checkSchedule(ports, store)),
    ...checkZone(store),
    ...checkMaxima(ports, store),
    ...(await checkHeld(ports, store)),
    ...(await checkUndecided(ports, store)),
  ];
}

type StorePorts = Pick<
  Ports,
  'stores' | 'runs' | 'clock' | 'directories' | 'connectDirectory' | 'connectPushed'
>;

async function checkCredential(
  ports: Pick<Ports, 'stores'>,
  store: DirectoryStore,
): Promise<Finding> {
  const about = `store ${store.name}`;
  const advice = reauthorizeHint(store.name);
  if (store.status === 'needs-reauthorization') {
    return bad(
      about,
      'its directory refuses the credential',
      `${advice}. ${seeRunbook('needs-reauthorization')}`,
    );
  }
  try {
    const credential = await ports.stores.credential(store.id);
    const how =
      credential === null ? 'is pushed into over SCIM' : 'its credential can be decrypted';
    return good(about, `${store.status}; ${how}`);
  } catch (error) {
    const message = `its credential can't be decrypted: ${messageOf(error)}`;
    const restore = 'Put the key it was encrypted with back into SECRETS_KEYS.';
    return bad(about, message, `${restore} Or: ${advice}. ${seeRunbook('secrets-keys-lost')}`);
  }
}

/** Asks the directory one question, as every run does first. */
async function checkDirectory(
  ports: StorePorts,
  store: DirectoryStore,
  onClock: (reading: ClockReading) => void,
): Promise<readonly Finding[]> {
  if (store.via === 'scim') return [];
  const about = `directory of ${store.name}`;
  const connectDirectory: Ports['connectDirectory'] = (options) => {
    const askedAt = ports.clock.now();
    return ports.connectDirectory({
      ...options,
      onClock: (says) => {
        const answeredAt = ports.clock.now();
        onClock(readClock(`the ${about}`, says, { askedAt, answeredAt }));
      },
    });
  };
  const asked = await askSource({ ...ports, connectDirectory }, store, async () => 'answers');
  if ('answer' in asked) return [good(about, asked.answer)];
  const proxy = 'If this network lets requests out through a proxy alone, set HTTPS_PROXY.';
  const advice = `See whether this machine reaches it. ${proxy} ${seeRunbook('directory-unreachable')}`;
  return [bad(about, asked.unreachable, advice)];
}

/** The newest sync that ended: a failed one is old news only once the store was changed, or synced again. */
async function checkLastSync(
  ports: Pick<Ports, 'runs'>,
  { id, name, status, updatedAt }: DirectoryStore,
): Promise<readonly Finding[]> {
  if (status === 'needs-reauthorization') return [];
  const statuses = ['succeeded', 'held', 'failed'] as const;
  const [last] = await ports.runs.list({
    storeId: id,
    modes: ['full', 'delta'],
    statuses,
    limit: 1,
  });
  if (last?.status !== 'failed' || last.finishedAt === null) return [];
  const about = `last sync of ${name}`;
  const said = last.error === null ? '' : `: ${last.error.code}: ${last.error.message}`;
  const message = `run ${last.id} failed at ${exactTime(last.finishedAt)}${said}`;
  const again = `rollcall sync ${shellWord(name)} --wait`;
  if (updatedAt > last.finishedAt) {
    const since = `${message}\nThe store was changed since.`;
    return [{ ...good(about, since), advice: `See whether a sync succeeds now: ${again}` }];
  }
  const advice = `See what it did with: rollcall runs show ${last.id}. When that is settled: ${again}. ${seeRunbook('run-failed')}`;
  return [bad(about, message, advice)];
}

/** A held run works as it should, and waits for a decision. */
async function checkHeld(
  ports: Pick<Ports, 'runs'>,
  { id, name }: DirectoryStore,
): Promise<readonly Finding[]> {
  const [latest, ...others] = await ports.runs.list({ storeId: id, holding: true });
  if (latest === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${plural(others.length, 'earlier run')}`;
  const message = `run ${latest.id} holds ${plural(heldIn(latest), 'change')}${more}`;
  const advice = `See which with: rollcall runs show ${latest.id} --records; then approve or reject them. ${seeRunbook('run-held')}`;
  return [{ ...good(`held in ${name}`, message), advice }];
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
    const advice = `See that a worker is running: it keeps the schedules. Start one with: rollcall serve worker. ${seeRunbook('nothing-runs')}`;
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
