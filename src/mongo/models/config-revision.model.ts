import { Schema } from 'mongoose';
import type { ConfigRevision } from '../../core/model/store-config.ts';
import { type ConfigDocument, toConfig } from './directory-store.model.ts';

/** An earlier configuration of a store. `by` and `at` are absent where an earlier release stored it. */
export interface ConfigRevisionDocument {
  _id: string;
  storeId: string;
  revision: number;
  by?: string;
  at?: Date;
  config: ConfigDocument;
}

export const configRevisionSchema = new Schema<ConfigRevisionDocument>(
  {
    _id: { type: String, required: true },
    storeId: { type: String, required: true },
    revision: { type: Number, required: true },
    by: String,
    at: Date,
    config: { type: Schema.Types.Mixed, required: true },
  },
  {
    collection: 'configRevisions',
    strict: 'throw',
    minimize: false,
    versionKey: false,
    autoIndex: false,
  },
);

export function toConfigRevision({
  revision,
  by,
  at,
  config,
}: ConfigRevisionDocument): ConfigRevision {
  return { revision, by: by ?? null, at: at ?? null, config: toConfig(config) };
}
