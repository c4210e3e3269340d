/**
 * MongoDB's error numbers. DocumentDB reports its errors as SQLSTATEs `M0000` and up;
 * those that a driver or the application acts on are translated, the rest become UnknownError.
 * Source: the error mapping that the DocumentDB project publishes beside its own gateway.
 */
import { DatabaseError } from 'pg';

const NUMBERS = {
  InternalError: 1,
  BadValue: 2,
  HostUnreachable: 6,
  UnknownError: 8,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  IllegalOperation: 20,
  LockTimeout: 24,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  IndexAlreadyExists: 68,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  WriteConflict: 112,
  CommandNotSupported: 115,
  DocumentFailedValidation: 121,
  QueryFeatureNotAllowed: 224,
  ConversionFailure: 241,
  NoSuchTransaction: 251,
  OperationNotSupportedInTransaction: 263,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  UnrecognizedCommand: 40324,
  UnknownBsonField: 40415,
} as const;

export type CodeName = keyof typeof NUMBERS;

const CODE_NAMES: ReadonlyMap<string, CodeName> = new Map<string, CodeName>([
  ['M0000', 'InternalError'],
  ['M0001', 'BadValue'],
  ['M0003', 'FailedToParse'],
  ['M0004', 'TypeMismatch'],
  ['M0005', 'Overflow'],
  ['M0006', 'IllegalOperation'],
  ['M0008', 'NamespaceNotFound'],
  ['M0009', 'IndexNotFound'],
  ['M000A', 'PathNotViable'],
  ['M000D', 'ConflictingUpdateOperators'],
  ['M000E', 'CursorNotFound'],
  ['M000F', 'NamespaceExists'],
  ['M000G', 'DollarPrefixedFieldName'],
  ['M000J', 'EmptyFieldName'],
  ['M000M', 'ImmutableField'],
  ['M000N', 'CannotCreateIndex'],
  ['M000O', 'IndexAlreadyExists'],
  ['M000P', 'InvalidOptions'],
  ['M000Q', 'InvalidNamespace'],
  ['M000R', 'IndexOptionsConflict'],
  ['M000S', 'IndexKeySpecsConflict'],
  ['M000U', 'CommandNotSupported'],
  ['M00CO', 'DocumentFailedValidation'],
  ['M0013', 'QueryFeatureNotAllowed'],
  ['M0015', 'ConversionFailure'],
  ['M0016', 'OperationNotSupportedInTransaction'],
  ['M001B', 'BSONObjectTooLarge'],
  ['M001C', 'DuplicateKey'],
  ['M007U', 'UnrecognizedCommand'],
  ['M0088', 'UnknownBsonField'],
  ['M00F1', 'WriteConflict'],
  // PostgreSQL's own.
  ['23505', 'DuplicateKey'], // unique_violation: the _id
  ['23P01', 'DuplicateKey'], // exclusion_violation: DocumentDB's unique indexes
  ['40001', 'WriteConflict'],
  ['40P01', 'WriteConflict'],
  ['42501', 'Unauthorized'],
  ['55P03', 'LockTimeout'],
  ['57014', 'MaxTimeMSExpired'],
]);

/** A command that the gateway itself refuses. */
export class CommandFailure extends Error {
  readonly codeName: CodeName;
  constructor(codeName: CodeName, message: string) {
    super(message);
    this.name = 'CommandFailure';
    this.codeName = codeName;
  }
}

/** The body of a reply that reports an error. */
export interface ErrorReply {
  readonly ok: 0;
  readonly errmsg: string;
  readonly code: number;
  readonly codeName: CodeName;
}

/** MongoDB's number of an error name. */
export function numberOf(codeName: CodeName): number {
  return NUMBERS[codeName];
}

/** Translates any error of a command into an error that a driver understands. */
export function errorReplyOf(error: unknown): ErrorReply {
  const codeName = codeNameOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const errmsg = codeName === 'DuplicateKey' ? `E11000 duplicate key error: ${message}` : message;
  return { ok: 0, errmsg, code: NUMBERS[codeName], codeName };
}

function codeNameOf(error: unknown): CodeName {
  if (error instanceof CommandFailure) return error.codeName;
  if (!(error instanceof DatabaseError)) return 'HostUnreachable'; // the connection to PostgreSQL, not an answer of it
  const state = error.code ?? '';
  if (state.startsWith('57P') || state.startsWith('08')) return 'HostUnreachable'; // shutting down, broken connection
  return CODE_NAMES.get(state) ?? 'UnknownError';
}

/**
 * Translates the `code` of one write error. DocumentDB puts the SQLSTATE there as PostgreSQL packs it:
 * five characters of six bits, the first in the lowest bits.
 */
export function codeNameOfPacked(packed: number): CodeName {
  let state = '';
  for (let shift = 0; shift < 30; shift += 6) {
    state += String.fromCharCode(((packed >> shift) & 0x3f) + '0'.charCodeAt(0));
  }
  return CODE_NAMES.get(state) ?? 'UnknownError';
}

/**
 * Whether the same statement may succeed when it runs again: two writers met, or two first
 * users of a collection created it (or an index) at once. PostgreSQL has rolled it back.
 */
export function isContention(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  if (error.code === '40001' || error.code === '40P01') return true;
  if (error.code === '42P07') return true; // duplicate_table
  if (error.message.includes('tuple concurrently')) return true;
  return error.code === '23505' && error.schema !== 'documentdb_data';
}
