import mongoose from 'mongoose';
import { z } from 'zod';
import { infoOfCredential } from '../core/credential-info.ts';
import { Conflict, NotFound } from '../core/errors.ts';
import { dataShape } from '../core/model/data-shape.ts';
import type { Credential, DirectoryStore } from '../core/model/store.ts';
import { caselessKey } from '../core/same-name.ts';
import type { DirectoryStores, NewDirectoryStore, Resealed } from '../ports/directory-stores.ts';
import { keepRevision } from './config-revision.ts';
import {
  type DirectoryStoreDocument,
  toConfigDocument,
  toDirectoryStore,
  toDirectoryStoreDocument,
} from './models/directory-store.model.ts';
import { readSyncSummaries } from './read-sync-summaries.ts';
import { type RemovalParts, removeDirectoryStore } from './remove-directory-store.ts';
import type { SecretBox } from './secret-box.ts';
import { isDuplicateKey } from './write-batch.ts';

interface Parts extends RemovalParts {
  readonly secretBox: SecretBox;
}

const credentialSchema = z.object({ type: z.string() }).catchall(z.string());

const purpose = 'credential';
const isPaused = { $eq: ['$status', 'paused'] };
const answerAfter = { returnDocument: 'after' } as const;

/** The directory stores in MongoDB. Their credentials are sealed, each to its own store. */
export function createDirectoryStores(parts: Parts): DirectoryStores {
  const { stores, secretBox, clock } = parts;
  return {
    create: (store) => create(parts, store),
    async get(id) {
      return orNull(await stores.findById(id).lean<DirectoryStoreDocument>());
    },
    async byName(name) {
      const document = await stores.findOne({ name }).lean<DirectoryStoreDocument>();
      return document === null ? findCaseless(parts, name) : toDirectoryStore(document);
    },
    async list() {
      const documents = await stores.find().sort({ name: 1 }).lean<DirectoryStoreDocument[]>();
      return documents.map(toDirectoryStore);
    },
    syncSummaries: (storeId) => readSyncSummaries(parts, storeId),
    async credential(id) {
      const sealed = await readSealed(parts, id);
      if (sealed === null) return null;
      const text = secretBox.open(sealed, { purpose, documentId: id });
      return credentialSchema.parse(JSON.parse(text));
    },
    resealCredential: (id) => reseal(parts, id),
    async groupSizes(id) {
      const document = await stores
        .findById(id)
        .select('+groupSizes')
        .lean<Pick<DirectoryStoreDocument, 'groupSizes'>>();
      return document?.groupSizes ?? {};
    },
    async keepGroupSizes(id, groupSizes) {
      await stores.updateOne({ _id: id }, { $set: { groupSizes } });
    },
    async setStatus(id, status) {
      const change = {
        status,
        wasPaused:
          status === 'needs-reauthorization'
            ? { $cond: [{ $eq: ['$status', status] }, '$wasPaused', isPaused] }
            : false,
        updatedAt: clock.now(),
      };
      const { matchedCount } = await stores.updateOne({ _id: id }, [{ $set: change }], {
        updatePipeline: true,
      });
      if (matchedCount === 0) throw noStore(id);
    },
    async setPerSecond(id, perSecond) {
      const change = perSecond === null ? { $unset: { perSecond: '' } } : { $set: { perSecond } };
      await stores.updateOne({ _id: id }, change);
    },
    async reauthorize(id, { credential, owner, orgName, organization }) {
      // In a pipeline a text that begins with $ would be read as a path.
      const change = {
        ...(credential !== null && {
          credential: { $literal: seal(parts, id, credential) },
          credentialInfo: {
            $literal: infoOfCredential(credential, { by: owner, at: clock.now() }),
          },
        }),
        ...(orgName !== undefined && { orgName: { $literal: orgName } }),
        owner: { $literal: owner },
        ...(organization !== undefined && {
          orgId: { $literal: organization.orgId },
          sendOrgId: organization.sendOrgId,
        }),
        status: { $cond: [{ $or: [isPaused, '$wasPaused'] }, 'paused', 'active'] },
        wasPaused: false,
        updatedAt: clock.now(),
      };
      const options = { ...answerAfter, updatePipeline: true };
      const update = stores.findByIdAndUpdate(id, [{ $set: change }], options);
      return orNone(await update.lean<DirectoryStoreDocument>(), id);
    },
    async configure(id, { fromRevision, config, by }) {
      const now = clock.now();
      const revision = fromRevision + 1;
      const change = {
        config: toConfigDocument(config),
        configRevision: revision,
        configuredBy: { revision, by, at: now },
        updatedAt: now,
      };
      await keepRevision(parts, { storeId: id, revision: fromRevision });
      const document = await stores
        .findOneAndUpdate(
          { _id: id, configRevision: fromRevision },
          { $set: change, $max: { shape: dataShape } },
          answerAfter,
        )
        .lean<DirectoryStoreDocument>();
      if (document !== null) return toDirectoryStore(document);
      if ((await stores.exists({ _id: id })) === null) throw noStore(id);
      throw new Conflict('The configuration was changed meanwhile.', {
        hint: 'Look at the present one, then change it again.',
      });
    },
    rename: (id, name) => change(parts, id, { name, nameKey: caselessKey(name) }),
    changeOwner: (id, owner) => change(parts, id, { owner }),
    async markRemoval(id, { members, by }) {
      const at = clock.now();
      const removal = { members, by, at };
      const change = { $set: { status: 'paused', removal, updatedAt: at } };
      const { matchedCount } = await stores.updateOne({ _id: id }, change);
      if (matchedCount === 0) throw noStore(id);
    },
    remove: (store, members) => removeDirectoryStore(parts, { store, members }),
  };
}

/** The one store of this name without case. Earlier releases had several: none of them is meant then. */
async function findCaseless({ stores }: Parts, name: string): Promise<DirectoryStore | null> {
  const names = await stores
    .find({}, { name: 1 })
    .lean<Pick<DirectoryStoreDocument, '_id' | 'name'>[]>();
  const [found, ...others] = names.filter((each) => caselessKey(each.name) === caselessKey(name));
  if (found === undefined || others.length > 0) return null;
  return orNull(await stores.findById(found._id).lean<DirectoryStoreDocument>());
}

/** Null for a store that is only pushed into. */
async function readSealed({ stores }: Parts, id: string): Promise<string | null> {
  const document = await stores.findById(id).select('+credential').lean<DirectoryStoreDocument>();
  if (document === null) throw noStore(id);
  return document.credential ?? null;
}

async function reseal(parts: Parts, id: string): Promise<Resealed> {
  const { stores, secretBox } = parts;
  const sealed = await readSealed(parts, id).catch(unlessGone);
  if (sealed === null) return 'none';
  // Decrypted also when it is current: a key may have been replaced under its old name.
  const text = secretBox.open(sealed, { purpose, documentId: id });
  if (secretBox.isCurrent(sealed)) return 'current';
  const anew = secretBox.seal(text, { purpose, documentId: id });
  const change = { $set: { credential: anew } };
  const { matchedCount } = await stores.updateOne({ _id: id, credential: sealed }, change);
  return matchedCount === 1 ? 'rotated' : reseal(parts, id);
}

function unlessGone(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}

function seal({ secretBox }: Parts, id: string, credential: Credential): string {
  return secretBox.seal(JSON.stringify(credential), { purpose, documentId: id });
}

async function create(
  parts: Parts,
  { credential, ...given }: NewDirectoryStore,
): Promise<DirectoryStore> {
  const now = parts.clock.now();
  const created: DirectoryStore = {
    via: 'api',
    ...given,
    ...(credential !== null && {
      credentialInfo: infoOfCredential(credential, { by: given.owner, at: now }),
    }),
    id: new mongoose.Types.ObjectId().toHexString(),
    status: 'active',
    configRevision: 1,
    shape: dataShape,
    createdAt: now,
    updatedAt: now,
  };
  try {
    const sealed = credential && seal(parts, created.id, credential);
    await parts.stores.create({
      ...toDirectoryStoreDocument(created, sealed),
      configuredBy: { revision: 1, by: given.owner, at: now },
    });
    return created;
  } catch (cause) {
    throw unlessTaken(cause, given.name);
  }
}

async function change(
  { stores, clock }: Parts,
  id: string,
  to: Partial<Pick<DirectoryStoreDocument, 'name' | 'nameKey' | 'owner'>>,
): Promise<DirectoryStore> {
  try {
    const set = { $set: { ...to, updatedAt: clock.now() } };
    const update = stores.findByIdAndUpdate(id, set, answerAfter);
    return orNone(await update.lean<DirectoryStoreDocument>(), id);
  } catch (cause) {
    throw unlessTaken(cause, to.name ?? '');
  }
}

function unlessTaken(cause: unknown, name: string): unknown {
  if (!isDuplicateKey(cause)) return cause;
  return new Conflict(`There is a directory store named '${name}' already.`, {
    cause,
    hint: 'Give another name.',
  });
}

function orNull(document: DirectoryStoreDocument | null): DirectoryStore | null {
  return document === null ? null : toDirectoryStore(document);
}

function orNone(document: DirectoryStoreDocument | null, id: string): DirectoryStore {
  if (document === null) throw noStore(id);
  return toDirectoryStore(document);
}

function noStore(id: string): NotFound {
  return new NotFound(`There is no directory store with the id ${id}.`);
}
