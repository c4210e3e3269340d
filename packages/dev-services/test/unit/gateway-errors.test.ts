import { DatabaseError } from 'pg';
import {
  CommandFailure,
  codeNameOfPacked,
  errorReplyOf,
  isContention,
} from '../../src/gateway/errors.ts';

function databaseError(code: string, details: { message?: string; schema?: string } = {}) {
  const error = new DatabaseError(details.message ?? 'it failed', 0, 'error');
  return Object.assign(error, { code, schema: details.schema });
}

describe('errorReplyOf', () => {
  it.each([
    ['M001C', 11000, 'DuplicateKey'],
    ['23505', 11000, 'DuplicateKey'],
    ['23P01', 11000, 'DuplicateKey'],
    ['40001', 112, 'WriteConflict'],
    ['M0001', 2, 'BadValue'],
    ['57P01', 6, 'HostUnreachable'],
    ['XX000', 8, 'UnknownError'],
  ])('translates SQLSTATE %s into %i %s', (state, code, codeName) => {
    expect(errorReplyOf(databaseError(state))).toMatchObject({ ok: 0, code, codeName });
  });

  it('words a duplicate key so that clients that read the text know it', () => {
    expect(errorReplyOf(databaseError('23P01')).errmsg).toMatch(/^E11000 duplicate key error/);
  });

  it('reports what the gateway itself refuses', () => {
    const refused = new CommandFailure('CommandNotFound', "no such command: 'x'");
    const expected = {
      ok: 0,
      code: 59,
      codeName: 'CommandNotFound',
      errmsg: "no such command: 'x'",
    };
    expect(errorReplyOf(refused)).toEqual(expected);
  });

  it('takes a broken connection for an unreachable host', () => {
    expect(errorReplyOf(new Error('Connection terminated unexpectedly')).code).toBe(6);
  });
});

describe('codeNameOfPacked', () => {
  it.each([
    [319029277, 'DuplicateKey'], // as DocumentDB reports it in writeErrors: M001C
    [16777245, 'BadValue'], // M0001
    [0, 'UnknownError'],
  ])('unpacks %i as %s', (packed, codeName) => {
    expect(codeNameOfPacked(packed)).toBe(codeName);
  });
});

describe('isContention', () => {
  it.each([
    ['a serialization failure', databaseError('40001'), true],
    ['a deadlock', databaseError('40P01'), true],
    [
      'two that create a collection',
      databaseError('23505', { schema: 'documentdb_api_catalog' }),
      true,
    ],
    ['a duplicate key of a document', databaseError('23505', { schema: 'documentdb_data' }), false],
    ['a mistake in a query', databaseError('M0001'), false],
    ['a broken connection', new Error('gone'), false],
  ])('%s: %s', (_, error, expected) => {
    expect(isContention(error)).toBe(expected);
  });
});
