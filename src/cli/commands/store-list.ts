import type { Command } from 'commander';
import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Mapping } from '../../core/model/store-config.ts';
import { sameButForCase } from '../../core/same-name.ts';
import { describeSchedule } from '../../core/schedule/describe-schedule.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { findStore } from '../../manage/find.ts';
import { type StoreView, viewStore } from '../../manage/stores/view-store.ts';
import { reachableStoreJson, storeJson } from '../../presenters/store.ts';
import { addCommand, type Context, withDatabase } from '../context.ts';
import type { Style } from '../terminal/style.ts';
import { formatPairs } from '../terminal/table.ts';
import { resultText } from '../views/describe-run.ts';
import { exactTime, plural, relativeTime, shortRelativeTime } from '../views/words.ts';

export function addStoreList(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'list',
    summary: 'list all directory stores, by name',
    examples: ['rollcall store list', 'rollcall store list --json'],
  }).action(() =>
    withDatabase(context, async ({ ports }) => {
      const now = ports.clock.now();
      const stores = await ports.stores.list();
      const views = await Promise.all(stores.map((store) => viewStore(ports, store)));
      await context.output.list<StoreView>({
        items: views,
        json: storeJson,
        empty:
          'There is no directory store yet. Add one with: rollcall store add NAME --directory jumpcloud --api-key-stdin',
        columns: [
          { title: 'NAME', value: ({ store }) => store.name, cutLast: true },
          {
            title: 'DIRECTORY',
            value: ({ store: { directory, via, connection } }) =>
              [directory, ...(via === 'scim' ? ['scim'] : Object.values(connection))].join(' '),
            leaveOut: 1,
          },
          {
            title: 'STATUS',
            value: ({ store }) => store.status,
            style: ({ store }) => statusStyles[store.status],
            whole: true,
          },
          { title: 'MEMBERS', value: ({ members }) => describeMembers(members) },
          {
            title: 'LAST RUN',
            value: ({ lastRun }) => describeLastRun(lastRun, now, shortRelativeTime),
          },
          {
            title: 'NEXT RUN',
            value: ({ nextRunAt }) =>
              nextRunAt === null ? '–' : shortRelativeTime(nextRunAt, now),
          },
        ],
      });
      for (const names of sameButForCase(stores.map(({ name }) => name))) {
        const quoted = names.map((name) => JSON.stringify(name)).join(' and ');
        context.output.note(`The names ${quoted} differ in case alone: write each as it is here,`);
        context.output.note('and rename all but one (PATCH /api/v1/stores/ID).');
      }
    }),
  );
  addCommand(parent, {
    usage: 'show <name>',
    summary: 'show one directory store',
    examples: [
      'rollcall store show acme',
      'rollcall store show acme --json',
      'rollcall store show acme --config > acme.yaml',
    ],
  })
    .option('--config', 'show its whole configuration instead, as a file that store apply takes')
    .action((name: string, { config = false }: { readonly config?: boolean }) =>
      withDatabase(context, async ({ ports, publicUrl }) => {
        if (config) {
          const store = await findStore(ports, name);
          const { defaultMapping } = ports.directories.of(store.directory);
          return showConfiguration(context, store, defaultMapping);
        }
        const view = await viewStore(ports, await findStore(ports, name));
        const { id, via } = view.store;
        const endpoint = via === 'scim' ? syncEndpoint(publicUrl, id) : null;
        const json = reachableStoreJson(view, publicUrl);
        await context.output.answer(json, () => describeStore(view, ports.clock.now(), endpoint));
      }),
    );
}

async function showConfiguration(
  { output }: Context,
  { config }: DirectoryStore,
  defaultMapping: Mapping,
): Promise<void> {
  const { stringify } = await import('yaml');
  const { configurationFile } = await import('../../presenters/configuration.ts');
  const json = configurationFile(config, defaultMapping);
  await output.answer(json, () => stringify(json, { lineWidth: 0 }).trimEnd().split('\n'));
}

const statusStyles: Readonly<Record<DirectoryStore['status'], Style>> = {
  active: 'green',
  paused: 'yellow',
  'needs-reauthorization': 'red',
};

function describeMembers({ active, inactive }: StoreView['members']): string {
  return `${active.toLocaleString('en')} active, ${inactive.toLocaleString('en')} inactive`;
}

function describeLastRun(run: Run | null, now: Date, word: typeof relativeTime): string {
  if (run === null) return 'never';
  return `${run.status} ${word(run.finishedAt ?? run.startedAt ?? run.createdAt, now)}`;
}

function describeDirectory({ directory, via, connection, orgId }: DirectoryStore): string {
  const place = Object.entries({ ...connection, organization: orgId });
  const asked = orgId === '' ? [] : place.map(([field, value]) => `${field} ${value}`);
  return [directory, ...(via === 'scim' ? ['over SCIM'] : []), ...asked].join(', ');
}

function describeStore(view: StoreView, now: Date, endpoint: string | null): readonly string[] {
  const { store, lastRun, nextRunAt, scimTokenExpiresAt: expires } = view;
  const { schedule } = store.config;
  return formatPairs([
    ['Name', store.name],
    ['Id', store.id],
    ['Directory', describeDirectory(store)],
    ['Sync endpoint', endpoint],
    ['SCIM token', expires && `expires ${relativeTime(expires, now)} (${exactTime(expires)})`],
    ['Status', store.status],
    ['Owner', store.owner],
    ['Members', describeMembers(view.members)],
    ['Schedule', schedule === null ? 'none' : describeSchedule(schedule)],
    [
      'Next run',
      nextRunAt === null ? null : `${relativeTime(nextRunAt, now)} (${exactTime(nextRunAt)})`,
    ],
    [
      'Last run',
      lastRun === null
        ? 'never'
        : `${describeLastRun(lastRun, now, relativeTime)}, run ${lastRun.id}`,
    ],
    ['', lastRun === null ? null : resultText(lastRun)],
    ['Mapping', plural(Object.keys(store.config.mapping).length, 'field')],
    ['Added', exactTime(store.createdAt)],
  ]);
}
