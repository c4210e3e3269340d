import { wholeResource } from '../../../src/core/scim/present.ts';
import { defaultGroupSync } from '../../../src/core/store-file/default-config.ts';
import { createConnectPushed } from '../../../src/directories/index.ts';
import { createPushService } from '../../../src/sync/push/push-service.ts';
import { requestGroupSync } from '../../../src/sync/push/request-group-sync.ts';
import type { ScimContext } from '../../../src/sync/scim/context.ts';
import { groupOperations } from '../../../src/sync/scim/groups.ts';
import { createUser } from '../../../src/sync/scim/users.ts';
import { inGroup } from '../../fakes/groups-world.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

/** A store into which users and groups are pushed; pushes of groups ask for a run, which the test carries out. */
function openWorld(isSynced = true) {
  const groups = { ...defaultGroupSync, sync: isSynced };
  const world = new MemoryWorld({ groups }, { via: 'scim', orgId: '' });
  const { scim, alerts, runs, pushed } = world;
  world.connectPushed = createConnectPushed(scim);
  const asked: Promise<void>[] = [];
  const request = (storeId: string) =>
    requestGroupSync({ ...world.kept, queue: { enqueueJob: async () => undefined } }, storeId);
  const pusher = createPushService(
    { ...world.ports, runs, alerts, scim, pushed },
    {
      onRunEnded: () => undefined,
      onGroupsPushed: (storeId) => void asked.push(request(storeId)),
      onError: () => undefined,
    },
  );
  const context: ScimContext = { storeId: 'store1', scim, pusher, baseUrl: 'https://x.test' };
  return {
    world,
    context,
    push: async (name: string) => {
      const body = { userName: name, emails: [{ value: `${name}@acme.test`, type: 'work' }] };
      return (await createUser(context, body, wholeResource)).resource.id;
    },
    pushGroup: async (displayName: string, ids: readonly string[]) => {
      const body = { displayName, members: ids.map((value) => ({ value })) };
      return (await groupOperations.create(context, body, wholeResource)).resource.id;
    },
    /** Carries out the runs that the pushes asked for. */
    runsAsked: async () => {
      await Promise.all(asked.splice(0));
      const queued = await runs.list({ statuses: ['queued'] });
      for (const { id } of queued) await world.execute(id);
      return Promise.all(queued.map(({ id }) => runs.get(id)));
    },
  };
}

describe('pushed groups', () => {
  it('are staged, then follow what is pushed', async () => {
    const { world, context, push, pushGroup, runsAsked } = openWorld();
    const ids = [await push('ada'), await push('bob'), await push('cyd')];
    const group = await pushGroup('Engineers', ids.slice(0, 2));
    const [first] = await runsAsked();
    expect(first).toMatchObject({
      mode: 'delta',
      status: 'held',
      requestedBy: 'scim',
      counts: { listed: 0, deactivate: 0 },
      groups: { counts: { listed: 1, create: 1, held: 1 } },
    });
    await world.decide(first?.id ?? '', 'approve', [`group:${group}`]);
    expect(inGroup(world, group)).toEqual(ids.slice(0, 2).sort());

    const operations = [{ op: 'add', path: 'members', value: [{ value: ids[2] }] }];
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations,
    };
    const asked = { id: group, ifMatch: null, projection: wholeResource };
    await groupOperations.patch(context, { ...asked, body: patch });
    await groupOperations.replace(context, { ...asked, body: { displayName: 'Builders' } });
    const runs = await runsAsked();
    expect(runs).toMatchObject([{ status: 'succeeded', groups: { counts: { update: 1 } } }]);
    expect(inGroup(world, group)).toEqual([...ids].sort());
    expect(world.groups.all.get(`store1.${group}`)?.name).toBe('Builders');

    await groupOperations.remove(context, { id: group, ifMatch: null });
    await runsAsked();
    expect(world.groups.all.get(`store1.${group}`)?.status).toBe('unlinked');
    expect(inGroup(world, group)).toHaveLength(3);
  });

  it('ask for no run where the store does not sync groups', async () => {
    const { push, pushGroup, runsAsked } = openWorld(false);
    await pushGroup('Engineers', [await push('ada')]);
    expect(await runsAsked()).toEqual([]);
  });
});
