import type { Schema } from 'mongoose';

/** A model as it is stored: `id` is `_id`, and what is null is left out. */
export type Sparse<Model> = { _id: string } & {
  -readonly [Key in keyof Model as null extends Model[Key]
    ? never
    : Exclude<Key, 'id'>]: Model[Key];
} & {
  -readonly [Key in keyof Model as null extends Model[Key] ? Key : never]?: NonNullable<Model[Key]>;
};

type Values = Record<string, unknown>;

/**
 * Translates between a model and its document. A path that the schema does not require is left out of the document
 * where the model has null or, if it is a list, nothing. `names` says which paths are called otherwise in the model.
 * Goes through the paths instead of spreading, which takes twenty times as long: it runs for every record of a run.
 */
export function sparseCodec<Model extends { readonly id: string }, Document>(
  schema: Schema<Document>,
  names: Readonly<Record<string, keyof Model & string>> = {},
): {
  readonly encode: (model: Model) => Document;
  readonly decode: (document: Document) => Model;
} {
  const paths = Object.entries(schema.paths).map(([path, { isRequired, instance }]) => ({
    path,
    name: path === '_id' ? 'id' : (names[path] ?? path),
    isRequired: isRequired === true,
    blank: instance === 'Array' ? [] : null,
  }));
  return {
    encode(model) {
      const document: Values = {};
      for (const { path, name, isRequired } of paths) {
        const value = (model as Values)[name];
        if (isRequired || !isBlank(value)) document[path] = value;
      }
      return document as Document;
    },
    decode(document) {
      const model: Values = {};
      for (const { path, name, blank } of paths) model[name] = (document as Values)[path] ?? blank;
      return model as unknown as Model;
    },
  };
}

function isBlank(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
