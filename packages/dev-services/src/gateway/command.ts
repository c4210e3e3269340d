import { type BsonElement, decodeElement, documentOf, elementsOf } from './bson-elements.ts';
import { CommandFailure } from './errors.ts';
import type { WireRequest } from './wire.ts';

/** The fields that drivers add to every command; the engine takes them in another form or not at all. */
const ENVELOPE: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'recoveryToken',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'comment',
  'maxTimeMS',
]);

/** One command of a driver. */
export interface Command {
  readonly name: string;
  readonly database: string;
  /** The command without its envelope, in the form for the engine. */
  readonly spec: Buffer;
  /** The value of a field of the command or its envelope; undefined when it's absent. */
  readonly field: (name: string) => unknown;
}

/** The part of a command that says which session and transaction it belongs to. */
export interface TransactionMark {
  readonly session: string;
  readonly number: bigint;
  readonly starts: boolean;
}

/** Reads the command of a request. Throws on malformed BSON or a command without a name. */
export function commandOf(request: WireRequest): Command {
  const elements = elementsOf(request.document);
  const name = elements[0]?.name;
  if (name === undefined) throw new CommandFailure('BadValue', 'the command is empty');
  const byName = new Map<string, BsonElement>(elements.map((element) => [element.name, element]));
  const field = (wanted: string): unknown => {
    const element = byName.get(wanted);
    return element === undefined ? undefined : decodeElement(element);
  };
  const database = request.database ?? field('$db');
  const specElements = elements.filter((element) => !ENVELOPE.has(element.name));
  return {
    name,
    database: typeof database === 'string' ? database : 'admin',
    spec: documentOf(specElements.map(({ bytes }) => bytes)),
    field,
  };
}

/** The collection that a command names in its first field. */
export function collectionOf(command: Command): string {
  return String(command.field(command.name));
}

/** The key of a session, from an `lsid` document. */
export function sessionKeyOf(lsid: unknown): string | undefined {
  if (typeof lsid !== 'object' || lsid === null || !('id' in lsid)) return undefined;
  return lsid.id instanceof Uint8Array ? Buffer.from(lsid.id).toString('hex') : undefined;
}

/** The transaction that a command is part of; undefined outside of one. */
export function transactionMarkOf(command: Command): TransactionMark | undefined {
  if (command.field('autocommit') !== false) return undefined;
  const session = sessionKeyOf(command.field('lsid'));
  const number = command.field('txnNumber');
  if (session === undefined || typeof number !== 'bigint') return undefined;
  return { session, number, starts: command.field('startTransaction') === true };
}
