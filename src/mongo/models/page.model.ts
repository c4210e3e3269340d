import { type Connection, type Model, Schema } from 'mongoose';
import type { KnownPage, KnownUser } from '../../core/model/known-page.ts';

/** A page of a store's listing, as an earlier run found it. */
export interface PageDocument {
  /** `STORE.ROW`, of nine digits, so that ids sort as rows do. */
  _id: string;
  hash: string;
  /** Of each: id, fingerprint and where they count, with a blank between; what there isn't is empty. */
  users: readonly string[];
}

const schema = new Schema<PageDocument>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    users: { type: [String], required: true },
  },
  { collection: 'pages', strict: 'throw', versionKey: false, autoIndex: false },
);

export function pageModel(connection: Connection): Model<PageDocument> {
  return connection.model<PageDocument>('Page', schema);
}

/** Where a page of a store is kept. Rows go up to 999,999,999. */
export function pageIdOf(storeId: string, skip: number): string {
  return `${storeId}.${String(skip).padStart(9, '0')}`;
}

export function toPageDocument(storeId: string, page: KnownPage): PageDocument {
  const { skip, hash, users } = page;
  return { _id: pageIdOf(storeId, skip), hash, users: users.map(spell) };
}

export function toPage({ _id, hash, users }: PageDocument): KnownPage {
  const skip = Number(_id.slice(_id.indexOf('.') + 1));
  return { skip, hash, users: users.map(read) };
}

function spell({ externalId, fingerprint, idleAs }: KnownUser): string {
  return `${externalId} ${fingerprint ?? ''} ${idleAs ?? ''}`;
}

function read(text: string): KnownUser {
  const [externalId = '', fingerprint, idleAs] = text.split(' ');
  return {
    externalId,
    fingerprint: fingerprint || null,
    idleAs: (idleAs || null) as KnownUser['idleAs'],
  };
}
