import { type Group, noGroupCounts as noCounts } from '../../../src/core/model/group.ts';
import { groupRecordId } from '../../../src/core/model/record.ts';
import { aMember, aRecord, aRun } from '../../builders/models.ts';
import { gather } from './gather.ts';
import type { OpenPorts } from './open-ports.ts';

const at = new Date('2026-01-01T00:00:00Z');

function aGroup(externalId: string, parts: Partial<Group> = {}): Group {
  return {
    storeId: 's1',
    externalId,
    name: `Group ${externalId}`,
    status: 'followed',
    waiting: [],
    createdAt: at,
    updatedAt: at,
    ...parts,
  };
}

/** Groups, who is in them, and the people of their records. */
export function describeGroups(
  open: OpenPorts<'groups' | 'members' | 'records' | 'recordPeople' | 'runs'>,
): void {
  describe('the groups', () => {
    it('are stored whole and listed by store and id', async () => {
      const { groups } = await open();
      const other = aGroup('g1', { storeId: 's2' });
      await groups.putMany([aGroup('g2'), other, aGroup('g1')]);
      await groups.putMany([aGroup('g2', { name: 'Sales', status: 'unlinked', waiting: ['u1'] })]);
      const changed = aGroup('g2', { name: 'Sales', status: 'unlinked', waiting: ['u1'] });
      expect(await groups.list('s1')).toEqual([aGroup('g1'), changed]);
      expect(await groups.list()).toEqual([aGroup('g1'), changed, other]);
      expect(await groups.get('s1', 'g2')).toEqual(changed);
      expect(await groups.get('s1', 'g3')).toBeNull();
      await groups.removeMany('s1', ['g2']);
      expect(await groups.list()).toEqual([aGroup('g1'), other]);
    });

    it('keep stores apart whose ids begin alike', async () => {
      const { groups } = await open();
      await groups.putMany([aGroup('g1'), aGroup('g1', { storeId: 's1x' })]);
      expect(await groups.list('s1')).toEqual([aGroup('g1')]);
    });
  });

  describe('who is in a group', () => {
    const member = (n: number, storeId = 's1') =>
      aMember({
        id: `${storeId}.u${n}`,
        storeId,
        externalId: `u${n}`,
        emailKey: `${storeId}-u${n}@acme.test`,
        lastRecord: 'r',
      });

    async function withMembers() {
      const ports = await open();
      await ports.members.insertMany([member(1), member(2), member(3), member(1, 's2')]);
      return ports;
    }

    it('stands on the members, by store', async () => {
      const { members } = await withMembers();
      await members.joinGroup({ storeId: 's1', group: 'g1' }, ['u3', 'u1', 'nobody']);
      await members.joinGroup({ storeId: 's1', group: 'g2' }, ['u1']);
      const first = { storeId: 's1', group: 'g1', after: null, limit: 10 };
      expect(await members.inGroup(first)).toEqual(['u1', 'u3']);
      expect(await members.inGroup({ ...first, limit: 1 })).toEqual(['u1']);
      expect(await members.inGroup({ ...first, after: 'u1' })).toEqual(['u3']);
      expect(await members.inGroup({ ...first, storeId: 's2' })).toEqual([]);
      expect(await members.groupSizes('s1', ['g1', 'g2', 'g3'])).toEqual(
        new Map([
          ['g1', 2],
          ['g2', 1],
          ['g3', 0],
        ]),
      );
      expect((await members.get('s1.u1'))?.groups).toEqual(['g1', 'g2']);
    });

    it('leaves revision, record and time as they are, and twice changes nothing', async () => {
      const { members } = await withMembers();
      const before = await members.get('s1.u1');
      const group = { storeId: 's1', group: 'g1' };
      await members.joinGroup(group, ['u1']);
      await members.joinGroup(group, ['u1']);
      expect(await members.get('s1.u1')).toEqual({ ...before, groups: ['g1'] });
      await members.leaveGroup(group, ['u1', 'u2']);
      await members.leaveGroup(group, ['u1']);
      expect(await members.get('s1.u1')).toEqual(before);
    });

    it('marks who is in none of some groups any more, until it is in one again', async () => {
      const { members, clock } = await withMembers();
      const group = { storeId: 's1', group: 'g1' };
      await members.joinGroup(group, ['u1', 'u2', 'u3']);
      await members.joinGroup({ storeId: 's1', group: 'g2' }, ['u2']);
      await members.leaveGroup(group, ['u1', 'u2'], ['g1', 'g2']);
      expect(await members.leftGroups('s1')).toEqual(['u1']);
      expect((await members.get('s1.u1'))?.leftGroupsAt).toEqual(clock.now());
      await members.leaveGroup(group, ['u3']);
      expect(await members.leftGroups('s1')).toEqual(['u1']);
      await members.joinGroup(group, ['u1']);
      expect(await members.leftGroups('s1')).toEqual([]);
      expect((await members.get('s1.u1'))?.leftGroupsAt).toBeNull();
    });

    it('gives active members a role from a group, once, and takes it away', async () => {
      const { members } = await withMembers();
      const group = { storeId: 's1', group: 'g1' };
      const set = { status: 'inactive' as const, fingerprint: null };
      await members.updateMany([{ id: 's1.u3', fromRevision: 1, recordId: 'r2', set }]);
      await members.grantRole(group, 'admin', ['u1', 'u2', 'u3']);
      await members.grantRole(group, 'admin', ['u1']);
      await members.grantRole({ storeId: 's1', group: 'g2' }, 'admin', ['u1']);
      const asked = { ...group, after: null, limit: 10 };
      const holders = await members.roleHolders(asked);
      expect(holders.map(({ externalId }) => externalId)).toEqual(['u1', 'u2']);
      expect(await members.roleHolders({ ...asked, after: 'u1', limit: 1 })).toHaveLength(1);
      expect((await members.groupsWithRoles('s1')).toSorted()).toEqual(['g1', 'g2']);
      expect(await members.groupsWithRoles('s2')).toEqual([]);
      await members.revokeRoles(group, ['u1', 'u2', 'u3']);
      expect((await members.get('s1.u1'))?.roles).toEqual([{ role: 'admin', group: 'g2' }]);
      expect(await members.groupsWithRoles('s1')).toEqual(['g2']);
      const before = await members.get('s1.u2');
      expect(before).toMatchObject({ roles: [], revision: 1 });
    });

    it('tells which source ids have a member', async () => {
      const { members } = await withMembers();
      expect([...(await members.sourceIdsAmong('s1', ['u2', 'u9', 'u1']))].sort()).toEqual([
        'u1',
        'u2',
      ]);
      expect(await members.sourceIdsAmong('s1', [])).toEqual([]);
    });
  });

  describe('the people of a record', () => {
    const page = (parts: object) => ({
      runId: 'run1',
      recordId: 'group.run1.g1',
      list: 'added' as const,
      page: 0,
      ids: ['u1'],
      ...parts,
    });

    it('are read page by page, and replaced', async () => {
      const { recordPeople } = await open();
      await recordPeople.putPages([page({}), page({ page: 1, ids: ['u2'] })]);
      await recordPeople.putPages([page({ ids: ['u3'] }), page({ list: 'removed', ids: ['u4'] })]);
      expect(await gather(recordPeople.pages('group.run1.g1', 'added'))).toEqual([['u3'], ['u2']]);
      expect(await gather(recordPeople.pages('group.run1.g1', 'removed'))).toEqual([['u4']]);
      expect(await gather(recordPeople.pages('group.run1.g2', 'added'))).toEqual([]);
      const first = await recordPeople.firstPages(['group.run1.g1', 'group.run1.g2']);
      expect(new Map(first.map(({ list, ids }) => [list, ids]))).toEqual(
        new Map([
          ['added', ['u3']],
          ['removed', ['u4']],
        ]),
      );
    });

    it('go with their record, and with their run', async () => {
      const { recordPeople, runs } = await open();
      const second = { recordId: 'group.run1.g2' };
      await recordPeople.putPages([page({}), page(second), page({ runId: 'run2', recordId: 'r' })]);
      await recordPeople.removeMany(['group.run1.g1']);
      expect(await gather(recordPeople.pages('group.run1.g1', 'added'))).toEqual([]);
      await recordPeople.removeAll('run1');
      expect(await gather(recordPeople.pages('group.run1.g2', 'added'))).toEqual([]);
      await runs.removeMany(['run2']);
      expect(await gather(recordPeople.pages('r', 'added'))).toEqual([]);
    });
  });

  describe('the records of groups', () => {
    const ofGroup = (seq: number, parts = {}) =>
      aRecord(seq, {
        id: groupRecordId('run1', 'u1'),
        kind: 'group',
        externalId: 'u1',
        memberId: null,
        moves: { added: 2, removed: 0, gone: 0, granted: 0, revoked: 0 },
        changes: [],
        ...parts,
      });

    it('stand apart from those of users with the same id', async () => {
      const { records } = await open();
      const user = aRecord(1, { status: 'held', blocksInStore: 's1' });
      const group = ofGroup(2, { status: 'held', action: 'create', blocksInStore: 's1' });
      await records.insertMany([user, group]);
      const all = { runId: 'run1', limit: 10 };
      expect(await records.page(all)).toEqual([user]);
      expect(await records.page({ ...all, kind: 'group' })).toEqual([group]);
      expect(await records.countByStatus('run1')).toEqual({ held: 1 });
      expect(await records.countByAction('run1', 'group')).toEqual({ create: 1 });
      expect(await records.blocking('s1', ['u1'])).toEqual([user]);
      expect(await records.blockingGroups('s1')).toEqual([group]);
    });

    it('are decided on by their own names', async () => {
      const { records } = await open();
      await records.insertMany([aRecord(1, { status: 'held' }), ofGroup(2, { status: 'held' })]);
      const decision = { runId: 'run1', from: ['held'], to: 'planned', by: 'cli:ada', at } as const;
      await records.decide({ ...decision, people: ['group:u1'] });
      expect(await records.countByStatus('run1')).toEqual({ held: 1 });
      expect(await records.countByStatus('run1', { kind: 'group' })).toEqual({ planned: 1 });
      await records.decide({ ...decision, people: ['u1'] });
      expect(await records.countByStatus('run1')).toEqual({ planned: 1 });
    });
  });

  describe('a run that holds groups alone', () => {
    it('waits for a person', async () => {
      const { runs } = await open();
      const { run } = await runs.enqueue({
        storeId: 's1',
        mode: 'full',
        trigger: 'manual',
        configRevision: 1,
        requestedBy: 'cli:ada',
      });
      const { groups } = aRun({
        groups: {
          counts: { ...noCounts, held: 2 },
          certificate: { complete: true, total: null, distinct: 2 },
        },
      });
      await runs.update(run, { status: 'held', finishedAt: at, groups });
      const [held] = await runs.list({ holding: true });
      expect(held).toMatchObject({ id: run.id, groups });
      expect(await runs.list({ changed: true })).toHaveLength(1);
    });
  });
}
