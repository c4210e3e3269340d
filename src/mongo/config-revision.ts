import type { RevisionStore } from '../ports/revisions.ts';
import { type ConfigRevisionDocument, toConfigRevision } from './models/config-revision.model.ts';
import { type DirectoryStoreDocument, toConfigDocument } from './models/directory-store.model.ts';
import type { Models } from './models/models.ts';

type Parts = Pick<Models, 'stores' | 'configRevisions'>;

/** How many configurations of a store are kept beside the present one. */
const mostKept = 100;

const idOf = (storeId: string, revision: number) => `${storeId}.${revision}`;

/** The configurations of stores in MongoDB: the present one is in the store itself. */
export function createRevisionStore({ stores, configRevisions }: Parts): RevisionStore {
  return {
    async list({ id: storeId, config, configRevision }, { before, limit }) {
      const isFirst = before === undefined || before > configRevision;
      const present = isFirst
        ? [
            {
              revision: configRevision,
              config,
              ...(await configuredBy(stores, storeId, configRevision)),
            },
          ]
        : [];
      const earlier = await configRevisions
        .find({ storeId, revision: { $lt: Math.min(before ?? configRevision, configRevision) } })
        .sort({ revision: -1 })
        .limit(limit)
        .lean<ConfigRevisionDocument[]>();
      return [...present, ...earlier.map(toConfigRevision)].slice(0, limit);
    },
    async get({ id: storeId, config, configRevision }, revision) {
      if (revision === configRevision) {
        return { revision, config, ...(await configuredBy(stores, storeId, revision)) };
      }
      const found = await configRevisions
        .findOne({ storeId, revision: { $eq: revision, $lt: configRevision } })
        .lean<ConfigRevisionDocument>();
      return found && toConfigRevision(found);
    },
    async redact(storeId, revision, config) {
      const change = { $set: { config: toConfigDocument(config) } };
      await configRevisions.updateOne({ _id: idOf(storeId, revision) }, change);
    },
  };
}

/** Unknown where a release that did not store it made the change. */
async function configuredBy(stores: Parts['stores'], storeId: string, revision: number) {
  const found = await stores
    .findById(storeId)
    .select('configuredBy')
    .lean<Pick<DirectoryStoreDocument, 'configuredBy'>>();
  const last = found?.configuredBy;
  return last?.revision === revision ? { by: last.by, at: last.at } : { by: null, at: null };
}

/** Keeps the configuration that a store has in this revision, before another one replaces it. */
export async function keepRevision(
  { stores, configRevisions }: Parts,
  { storeId, revision }: { readonly storeId: string; readonly revision: number },
): Promise<void> {
  const found = await stores
    .findOne({ _id: storeId, configRevision: revision })
    .select('config configuredBy')
    .lean<Pick<DirectoryStoreDocument, 'config' | 'configuredBy'>>();
  if (found === null) return;
  const { by, at } = found.configuredBy?.revision === revision ? found.configuredBy : {};
  const kept = {
    storeId,
    revision,
    config: found.config,
    ...(by !== undefined && { by }),
    ...(at !== undefined && { at }),
  };
  await configRevisions.updateOne(
    { _id: idOf(storeId, revision) },
    { $setOnInsert: kept },
    { upsert: true },
  );
  await configRevisions.deleteMany({ storeId, revision: { $lte: revision - mostKept } });
}
