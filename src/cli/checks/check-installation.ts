import { type ClockReading, describeClocks } from '../../core/clocks.ts';
import { Unavailable } from '../../core/errors.ts';
import { type AlertChannel, alertChannels } from '../../core/model/alert.ts';
import { isNewer } from '../../core/model/data-shape.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { seeRunbook } from '../../core/runbooks.ts';
import type { Ports } from '../../ports/index.ts';
import type { Finding } from '../dependencies.ts';
import { plural } from '../views/words.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkMail } from './check-mail.ts';
import { checkStore } from './check-store.ts';
import { checkTokens } from './check-tokens.ts';
import { bad, good } from './finding.ts';

/** So many directories are asked at a time. */
const storesAtATime = 8;

/** The checks that need right settings and reachable services. `clocks` are those of the services. */
export async function checkInstallation(
  ports: Omit<Ports, 'audit'>,
  { clocks, publicUrl }: { readonly clocks: readonly ClockReading[]; readonly publicUrl: string },
): Promise<readonly Finding[]> {
  const stores = await ports.stores.list();
  const read = [...clocks];
  const perStore: Finding[] = [];
  for (let from = 0; from < stores.length; from += storesAtATime) {
    const some = stores.slice(from, from + storesAtATime);
    const found = await Promise.all(
      some.map((store) => checkStore(ports, store, (clock) => void read.push(clock))),
    );
    perStore.push(...found.flat());
  }
  return [
    ...checkClocks(read),
    ...checkPublicUrl(stores, publicUrl),
    await checkWorkers(ports),
    ...(await checkReleases(ports, stores)),
    await checkAlerts(ports),
    ...(await checkMail(ports)),
    ...(await checkTokens(ports, stores)),
    ...perStore,
    ...(await checkAddresses(ports, stores)),
  ];
}

/** A directory that pushes must reach this installation from outside. */
function checkPublicUrl(stores: readonly DirectoryStore[], publicUrl: string): readonly Finding[] {
  const pushed = stores.filter(({ via }) => via === 'scim').map(({ name }) => name);
  const { hostname } = new URL(publicUrl);
  const isOnlyLocal = /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  if (pushed.length === 0 || !isOnlyLocal) return [];
  const message = `${publicUrl} is reached from this machine alone, and the directory of ${pushed.join(', ')} pushes to it`;
  const advice =
    'Set PUBLIC_URL to where the directory reaches this installation. docs/scim.md says how.';
  return [{ ...good('PUBLIC_URL', message), advice }];
}

function checkClocks(clocks: readonly ClockReading[]): readonly Finding[] {
  if (clocks.length === 0) return [];
  const about = 'clock';
  const problem = describeClocks(clocks);
  if (problem === null) return [good(about, 'agrees with the clocks of what was asked')];
  const advice = `Have the machine whose clock is wrong keep its time: timedatectl. ${seeRunbook('clock-is-off')}`;
  return [bad(about, problem, advice)];
}

async function checkWorkers(ports: Pick<Ports, 'queue' | 'runs'>): Promise<Finding> {
  const about = 'workers';
  try {
    const { alive, hanging } = await ports.queue.workers();
    if (hanging.length > 0) {
      const others = alive === 0 ? 'no other is' : `${plural(alive, 'other')}`;
      const message = `${hanging.join(', ')} ${hanging.length === 1 ? 'hangs' : 'hang'}: no sign of life for 15 seconds; ${others} listening`;
      const advice = `End it there with kill -9, and start it again: its runs are taken over within a minute. ${seeRunbook('worker-hangs')}`;
      return bad(about, message, advice);
    }
    if (alive > 0) return good(about, `${plural(alive, 'worker')} listening`);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return bad(about, error.message, error.hint ?? 'Start Redis.');
  }
  const { length } = await ports.runs.list({ statuses: ['queued'] });
  const waiting =
    length === 0
      ? 'so no run will begin'
      : `and ${plural(length, 'run waits', 'runs wait')} for one`;
  const advice = `Start one with: rollcall serve worker. ${seeRunbook('nothing-runs')}`;
  return bad(about, `none is running, ${waiting}`, advice);
}

/** What a newer release wrote, workers of this one leave alone. */
async function checkReleases(
  { runs }: Pick<Ports, 'runs'>,
  stores: readonly DirectoryStore[],
): Promise<readonly Finding[]> {
  const unfinished = await runs.list({ statuses: ['queued', 'listing', 'applying'] });
  const newer = [
    ...unfinished.filter(isNewer).map(({ id }) => `run ${id}`),
    ...stores.filter(isNewer).map(({ name }) => `the configuration of ${name}`),
  ];
  if (newer.length === 0) return [];
  const message = `a newer release wrote ${newer.join(', ')}; workers of this one leave that alone`;
  const advice = `Update what is left of this release, or start a worker of the newer one. ${seeRunbook('two-versions')}`;
  return [bad('releases', message, advice)];
}

const settingOf: Readonly<Record<AlertChannel, string>> = {
  webhook: 'ALERT_WEBHOOK_URL',
  mail: 'MAIL_ADMINS',
  slack: 'SLACK_WEBHOOK_URL',
};

async function checkAlerts({
  alerts,
  alertSenders,
}: Pick<Ports, 'alerts' | 'alertSenders'>): Promise<Finding> {
  const about = 'alerts';
  if (alerts.isSilent) {
    return good(
      about,
      'go nowhere: set ALERT_WEBHOOK_URL, MAIL_ADMINS or SLACK_WEBHOOK_URL to be told of runs that are held or fail',
    );
  }
  const channels = alertChannels.filter((channel) => channel in alertSenders);
  const named = channels.map((channel) => settingOf[channel]).join(', ');
  const { waiting, failing, givenUp, lastError } = await alerts.summary();
  if (failing + givenUp === 0) {
    const rest = waiting === 0 ? 'none waits' : `${plural(waiting, 'alert waits', 'alerts wait')}`;
    return good(about, `sent to ${named}; ${rest} to be sent`);
  }
  const parts = [
    ...(failing === 0 ? [] : [`${plural(failing, 'alert')} not delivered yet`]),
    ...(givenUp === 0 ? [] : [`${plural(givenUp, 'alert')} given up`]),
  ];
  const rest =
    givenUp === 0
      ? 'They are then sent by themselves.'
      : 'What was given up is not sent again: look through rollcall runs list.';
  const advice = `See that what ${named} names takes them: rollcall alerts test. ${rest}`;
  return bad(about, `${parts.join(', ')}: the receiver ${lastError}`, advice);
}
