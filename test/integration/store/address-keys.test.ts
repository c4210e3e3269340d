import { emailKeyOf } from '../../../src/core/email.ts';
import type { Member } from '../../../src/core/model/member.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { aMember, aRecord } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

/*
 * For releases up to this one a domain and its punycode were two, so that one address had two keys. What they stored is
 * inserted here with the key that they computed.
 */
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(async () => {
  await db.empty();
  await db.raw('migrations').deleteMany({});
});
afterAll(() => db.drop());

function stored(id: string, email: string, parts: Partial<Member> = {}): Member {
  const fields = { email };
  const emailKey = email.toLowerCase();
  const keys = { lastRecord: 'r', fingerprint: 'f', emailKey };
  return aMember({ id, externalId: id, fields, ...keys, ...parts });
}

async function insert(...members: readonly Member[]): Promise<void> {
  const { failed } = await db.members.insertMany(members);
  expect(failed).toEqual([]);
}

const keyOf = async (id: string) => (await db.members.get(id))?.emailKey;
const later = new Date('2026-02-01');
const unicode = 'ada@münchen.example';
const punycode = 'ada@xn--mnchen-3ya.example';

describe('renewing the stored keys of addresses', () => {
  it('gives a member its present key, and changes nothing else', async () => {
    await insert(stored('u1', punycode), stored('u2', unicode.toUpperCase().replace('ADA', 'bob')));
    const [first, second] = await db.members.byIds(['u1', 'u2']);
    await migrate(db);
    await expect(db.members.get('u1')).resolves.toEqual({ ...first, emailKey: unicode });
    await expect(db.members.get('u2')).resolves.toEqual(second);
  });

  it.each([
    ['the punycode', { u1: {}, u2: { createdAt: later } }, ['u1', 'u2']],
    ['the other spelling', { u1: { createdAt: later }, u2: {} }, ['u2', 'u1']],
    ['neither', { u1: {}, u2: {} }, ['u1', 'u2']],
  ] as const)('leaves the key of twins to the older one, of which %s', async (_, parts, ids) => {
    await insert(stored('u1', punycode, parts.u1), stored('u2', unicode, parts.u2));
    const [older = '', younger = ''] = ids;
    const before = await db.members.get(younger);
    await migrate(db);
    await expect(keyOf(older)).resolves.toBe(unicode);
    await expect(db.members.get(younger)).resolves.toEqual({
      ...before,
      emailKey: null,
      fingerprint: null,
    });
  });

  it('leaves the key of triplets to the oldest', async () => {
    const wide = 'ada@ｍｕ\u0308ｎｃｈｅｎ.example'.normalize('NFC');
    await insert(
      stored('u1', punycode, { createdAt: later }),
      stored('u2', unicode, { createdAt: new Date('2026-01-02') }),
      stored('u3', wide),
    );
    await migrate(db);
    await expect(Promise.all(['u1', 'u2', 'u3'].map(keyOf))).resolves.toEqual([
      null,
      null,
      unicode,
    ]);
  });

  it('renews the claims, risks and changes of records', async () => {
    const claims = aRecord(1, {
      claim: punycode,
      risks: [`email:${punycode}`, 'blank:department'],
      changes: [
        { field: 'email', from: 'ada@acme.test', to: punycode },
        { field: 'emailKey', from: punycode, to: null },
      ],
    });
    const other = aRecord(2, {
      changes: [{ field: 'department', from: null, to: 'x@xn--mnchen-3ya' }],
    });
    await db.records.insertMany([claims, other]);
    await migrate(db);
    await expect(db.records.byIds([claims.id])).resolves.toEqual([
      {
        ...claims,
        claim: unicode,
        risks: [`email:${unicode}`, 'blank:department'],
        changes: [
          { field: 'email', from: 'ada@acme.test', to: punycode },
          { field: 'emailKey', from: unicode, to: null },
        ],
      },
    ]);
    await expect(db.records.byIds([other.id])).resolves.toEqual([other]);
  });

  it('goes on where it stopped, and is done once', async () => {
    await insert(stored('u1', punycode), stored('u2', punycode.replace('ada', 'bob')));
    await db.raw('migrations').insertOne({ _id: 'address-keys' as never, members: 'u1' });
    await migrate(db);
    await expect(keyOf('u1')).resolves.toBe(punycode);
    await expect(keyOf('u2')).resolves.toBe('bob@münchen.example');
    await insert(stored('u3', punycode.replace('ada', 'cy')));
    await migrate(db);
    await expect(keyOf('u3')).resolves.toBe('cy@xn--mnchen-3ya.example');
  });

  it('renews 21,000 members, by three processes at once', async () => {
    const address = (n: number) => `user${n}@xn--mnchen-3ya.example`;
    const id = (n: number) => `u${String(n).padStart(5, '0')}`;
    for (let from = 0; from < 20_000; from += 1000) {
      const page = Array.from({ length: 1000 }, (_, at) =>
        stored(id(from + at), address(from + at)),
      );
      await insert(...page);
    }
    const twins = Array.from({ length: 1000 }, (_, n) =>
      stored(id(20_000 + n), `user${n}@münchen.example`, { createdAt: later }),
    );
    await insert(...twins);
    await Promise.all([migrate(db), migrate(db), migrate(db)]);
    const wrong: string[] = [];
    const without: string[] = [];
    for await (const { id: memberId, emailKey, fields } of db.members.list({})) {
      if (emailKey === null) without.push(memberId);
      else if (emailKey !== emailKeyOf(fields.email ?? '')) wrong.push(memberId);
    }
    expect(wrong).toEqual([]);
    expect(without).toEqual(twins.map((member) => member.id));
  }, 120_000);
});
