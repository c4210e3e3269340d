import type { Member } from '../../../src/core/model/member.ts';
import type { MemberPatch } from '../../../src/core/plan/apply-record.ts';
import { aMember } from '../../builders/models.ts';
import { patchMember } from '../../fakes/patch-member.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores members. */
export function describeMemberWrites(open: OpenPorts<'members'>): void {
  describe('writes to members', () => {
    let ports: Opened<'members'>;
    beforeEach(async () => {
      ports = await open();
    });

    function member(name: string, parts: Partial<Member> = {}): Member {
      return aMember({
        id: `s1.${name}`,
        storeId: 's1',
        externalId: name,
        fields: { email: `${name}@acme.test`, department: 'Sales' },
        emailKey: `${name}@acme.test`,
        lastRecord: `run1.${name}`,
        ...parts,
      });
    }

    const change = (
      name: string,
      set: Partial<MemberPatch>,
      parts: { readonly fromRevision?: number; readonly recordId?: string } = {},
    ) => ({
      id: `s1.${name}`,
      fromRevision: 1,
      recordId: `run2.${name}`,
      set: { fingerprint: null, ...set },
      ...parts,
    });

    const nothingFailed = (...applied: readonly string[]) => ({ applied, failed: [] });
    const get = (name: string) => ports.members.get(`s1.${name}`);

    describe('inserting members', () => {
      it('can be repeated, also by two at once', async () => {
        const batch = [member('a'), member('b')];
        const outcome = nothingFailed('run1.a', 'run1.b');
        await expect(
          Promise.all([ports.members.insertMany(batch), ports.members.insertMany(batch)]),
        ).resolves.toEqual([outcome, outcome]);
        await expect(ports.members.counts('s1')).resolves.toEqual({ active: 2, inactive: 0 });
      });

      it('completes an interrupted batch', async () => {
        await ports.members.insertMany([member('b')]);
        await expect(
          ports.members.insertMany([member('a'), member('b'), member('c')]),
        ).resolves.toEqual(nothingFailed('run1.a', 'run1.b', 'run1.c'));
      });

      it('names the member that has the address, and inserts the others', async () => {
        await ports.members.insertMany([
          member('a'),
          member('hand', { storeId: null, externalId: null }),
        ]);
        const outcome = await ports.members.insertMany([
          member('b', { emailKey: 'a@acme.test' }),
          member('c'),
          member('d', { emailKey: 'hand@acme.test' }),
        ]);
        expect(outcome).toEqual({
          applied: ['run1.c'],
          failed: [
            {
              recordId: 'run1.b',
              code: 'address-taken',
              error: 'the e-mail address is held by member s1.a of directory store s1',
            },
            {
              recordId: 'run1.d',
              code: 'address-taken',
              error:
                'the e-mail address is held by member s1.hand, which belongs to no directory store',
            },
          ],
        });
      });

      it('gives the address to one of two in a batch', async () => {
        const outcome = await ports.members.insertMany([
          member('a', { emailKey: 'same@acme.test' }),
          member('b', { emailKey: 'same@acme.test' }),
        ]);
        expect(outcome.applied).toEqual(['run1.a']);
        expect(outcome.failed).toMatchObject([{ recordId: 'run1.b', code: 'address-taken' }]);
      });

      it('does not take a member with another record for its own', async () => {
        await ports.members.insertMany([member('a', { lastRecord: 'run0.a' })]);
        await expect(ports.members.insertMany([member('a')])).resolves.toEqual({
          applied: [],
          failed: [
            { recordId: 'run1.a', code: 'exists', error: 'there is a member with this id already' },
          ],
        });
        await expect(get('a')).resolves.toMatchObject({ lastRecord: 'run0.a' });
      });

      it('names the member that has the source id', async () => {
        await ports.members.insertMany([member('adopted', { externalId: 'u9' })]);
        await expect(ports.members.insertMany([member('u9')])).resolves.toEqual({
          applied: [],
          failed: [
            {
              recordId: 'run1.u9',
              code: 'source-id-taken',
              error: 'the source id is linked to member s1.adopted of directory store s1',
            },
          ],
        });
      });

      it('allows any number of members without address and source', async () => {
        const none = { storeId: null, externalId: null, emailKey: null };
        const outcome = await ports.members.insertMany([member('a', none), member('b', none)]);
        expect(outcome.failed).toEqual([]);
      });

      it('needs a record, and writes nothing without inserts', async () => {
        await expect(ports.members.insertMany([member('a', { lastRecord: null })])).rejects.toThrow(
          'without a record',
        );
        await expect(ports.members.insertMany([])).resolves.toEqual(nothingFailed());
      });
    });

    describe('updating members', () => {
      it('does what patchMember says', async () => {
        const before = member('a', {
          fingerprint: 'f1',
          custom: { size: 'M', team: 'x' },
          inactiveCause: 'gone',
        });
        await ports.members.insertMany([before]);
        const patch: MemberPatch = {
          fingerprint: 'f2',
          fields: { department: null, jobTitle: 'Engineer' },
          custom: { size: null, 'größe-2': '4' },
          status: 'inactive',
          statusBy: 'person',
          inactiveCause: null,
          emailKey: null,
          storeId: null,
          keptFrom: { directory: 'jumpcloud', orgId: 'o1' },
        };
        ports.clock.advance(5000);
        const write = { patch, recordId: 'run2.a', now: ports.clock.now() };
        await expect(ports.members.updateMany([change('a', patch)])).resolves.toEqual(
          nothingFailed('run2.a'),
        );
        await expect(get('a')).resolves.toEqual(patchMember(before, write));
      });

      it('removes values that became blank', async () => {
        await ports.members.insertMany([member('a')]);
        await ports.members.updateMany([
          change('a', { fields: { department: null }, emailKey: null }),
        ]);
        await expect(get('a')).resolves.toMatchObject({ emailKey: null });
        expect((await get('a'))?.fields).toEqual({ email: 'a@acme.test' });
      });

      it('can be repeated without writing again', async () => {
        await ports.members.insertMany([member('a'), member('b')]);
        const batch = [change('a', { status: 'inactive' }), change('b', { status: 'inactive' })];
        await ports.members.updateMany(batch.slice(0, 1));
        ports.clock.advance(1000);
        const outcome = nothingFailed('run2.a', 'run2.b');
        await expect(ports.members.updateMany(batch)).resolves.toEqual(outcome);
        await expect(ports.members.updateMany(batch)).resolves.toEqual(outcome);
        await expect(get('a')).resolves.toMatchObject({ revision: 2, updatedAt: startedAt });
      });

      it('refuses a late write and gives the reason', async () => {
        await ports.members.insertMany([member('a', { revision: 4 }), member('b')]);
        const outcome = await ports.members.updateMany([
          change('a', { status: 'inactive' }, { fromRevision: 3 }),
          change('b', { status: 'inactive' }),
          change('none', { status: 'inactive' }),
        ]);
        expect(outcome).toEqual({
          applied: ['run2.b'],
          failed: [
            { recordId: 'run2.a', code: 'changed', error: 'the member was changed meanwhile' },
            { recordId: 'run2.none', code: 'gone', error: 'the member was removed meanwhile' },
          ],
        });
        await expect(get('a')).resolves.toMatchObject({ revision: 4, status: 'active' });
        await expect(get('none')).resolves.toBeNull();
      });

      it('lets one of two writes at once win', async () => {
        await ports.members.insertMany([member('a')]);
        const outcomes = await Promise.all(
          ['x', 'y', 'z'].map((jobTitle) =>
            ports.members.updateMany([
              change('a', { fields: { jobTitle } }, { recordId: jobTitle }),
            ]),
          ),
        );
        const applied = outcomes.flatMap((outcome) => outcome.applied);
        expect(applied).toHaveLength(1);
        const after = await get('a');
        expect(after).toMatchObject({ revision: 2, lastRecord: applied[0] });
        expect(after?.fields.jobTitle).toBe(applied[0]);
      });

      it('names the member that has the wanted address', async () => {
        await ports.members.insertMany([member('a'), member('b'), member('c')]);
        const outcome = await ports.members.updateMany([
          change('b', { emailKey: 'a@acme.test' }),
          change('c', { emailKey: 'new@acme.test' }),
        ]);
        expect(outcome).toEqual({
          applied: ['run2.c'],
          failed: [
            {
              recordId: 'run2.b',
              code: 'address-taken',
              error: 'the e-mail address is held by member s1.a of directory store s1',
            },
          ],
        });
        await expect(get('b')).resolves.toMatchObject({ revision: 1, emailKey: 'b@acme.test' });
      });

      it('names the member that has the wanted source id', async () => {
        await ports.members.insertMany([member('a'), member('b', { storeId: null })]);
        const set = { storeId: 's1', externalId: 'a' };
        await expect(ports.members.updateMany([change('b', set)])).resolves.toEqual({
          applied: [],
          failed: [
            {
              recordId: 'run2.b',
              code: 'source-id-taken',
              error: 'the source id is linked to member s1.a of directory store s1',
            },
          ],
        });
      });

      it('lets two members swap addresses once both have released theirs', async () => {
        await ports.members.insertMany([member('a'), member('b')]);
        const both = ['a', 'b'].map((name) => ({ id: `s1.${name}`, fromRevision: 1 }));
        await ports.members.releaseEmailKeys(both);
        await expect(get('a')).resolves.toEqual(member('a', { emailKey: null }));
        const outcome = await ports.members.updateMany([
          change('a', { emailKey: 'b@acme.test' }),
          change('b', { emailKey: 'a@acme.test' }),
        ]);
        expect(outcome).toEqual(nothingFailed('run2.a', 'run2.b'));
        await expect(ports.members.byEmailKey('a@acme.test')).resolves.toMatchObject({
          id: 's1.b',
        });
      });

      it('stores the fingerprint of members that have the revision read, and of no others', async () => {
        await ports.members.insertMany([
          member('a', { fingerprint: 'old' }),
          member('b', { revision: 2 }),
        ]);
        const seen = ['a', 'b', 'c'].map((name) => ({ id: `s1.${name}`, revision: 1 }));
        await ports.members.noteFingerprints(seen.map((one) => ({ ...one, fingerprint: 'new' })));
        await expect(get('a')).resolves.toEqual(member('a', { fingerprint: 'new' }));
        await expect(get('b')).resolves.toEqual(member('b', { revision: 2 }));
        await expect(get('c')).resolves.toBeNull();
      });

      it('removes the fingerprint with every write that has none', async () => {
        const inactive = { status: 'inactive', fingerprint: 'f' } as const;
        const names = ['a', 'b', 'c'] as const;
        await ports.members.insertMany(names.map((name) => member(name, inactive)));
        await ports.members.updateMany([change('a', { fields: { jobTitle: 'Engineer' } })]);
        await ports.members.releaseEmailKeys([{ id: 's1.b', fromRevision: 1 }]);
        await ports.members.markGone([{ id: 's1.c', revision: 1 }]);
        for (const name of names)
          await expect(get(name)).resolves.toMatchObject({ fingerprint: null });
      });

      it('marks the inactive members as gone, and keeps their revision', async () => {
        const inactive = { status: 'inactive', inactiveCause: 'suspended' } as const;
        const changed = member('c', { ...inactive, revision: 2 });
        await ports.members.insertMany([member('a', inactive), member('b'), changed]);
        const seen = ['a', 'b', 'c', 'd'].map((name) => ({ id: `s1.${name}`, revision: 1 }));
        await ports.members.markGone(seen);
        await expect(get('a')).resolves.toEqual(
          member('a', { ...inactive, inactiveCause: 'gone' }),
        );
        await expect(get('b')).resolves.toEqual(member('b'));
        await expect(get('c')).resolves.toEqual(changed);
      });

      it('stores confirmations of absence, and removes them', async () => {
        await ports.members.insertMany([member('a')]);
        const absence = { since: new Date('2026-01-02'), confirmations: 2, runId: 'run1' };
        await ports.members.noteAbsences([{ id: 's1.a', absence }]);
        await expect(get('a')).resolves.toEqual(member('a', { absence }));
        await ports.members.noteAbsences([{ id: 's1.a', absence: null }]);
        await expect(get('a')).resolves.toEqual(member('a'));
      });

      it('releases nothing of a member that changed meanwhile', async () => {
        await ports.members.insertMany([member('a', { revision: 2 })]);
        await ports.members.releaseEmailKeys([{ id: 's1.a', fromRevision: 1 }]);
        await expect(get('a')).resolves.toMatchObject({ emailKey: 'a@acme.test' });
      });
    });

    describe('deleting members', () => {
      const removal = (name: string) => ({
        id: `s1.${name}`,
        fromRevision: 1,
        recordId: `run2.${name}`,
      });

      it('can be repeated: an absent member counts as deleted', async () => {
        await ports.members.insertMany([member('a'), member('b')]);
        await ports.members.deleteMany([removal('a')]);
        const outcome = nothingFailed('run2.a', 'run2.b');
        await expect(ports.members.deleteMany([removal('a'), removal('b')])).resolves.toEqual(
          outcome,
        );
        await expect(ports.members.counts('s1')).resolves.toEqual({ active: 0, inactive: 0 });
      });

      it('leaves a member that was changed meanwhile', async () => {
        await ports.members.insertMany([member('a', { revision: 2 }), member('b')]);
        await expect(ports.members.deleteMany([removal('a'), removal('b')])).resolves.toEqual({
          applied: ['run2.b'],
          failed: [
            { recordId: 'run2.a', code: 'changed', error: 'the member was changed meanwhile' },
          ],
        });
        await expect(get('a')).resolves.not.toBeNull();
      });
    });
  });
}
