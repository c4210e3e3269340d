import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

const ranks = { none: 0, viewer: 1, admin: 2, owner: 3 } as const;
type Who = keyof typeof ranks;
const senders = Object.keys(ranks) as Who[];

/**
 * The intended roles of all routes, written down a second time: this test fails when the table
 * changes by accident.
 */
const forAll = ['signIn', 'waysToSignIn', 'startSignIn', 'endSignIn', 'endSessionsByProvider'];
const forOwners = [
  'listTokens',
  'createToken',
  'revokeToken',
  'removeStore',
  'eraseMember',
  'endSessions',
];
const forAdmins = [
  'listOwners',
  'seeSystem',
  'exportAudit',
  'addStore',
  'changeStore',
  'pauseStore',
  'resumeStore',
  'reauthorizeStore',
  'configureStore',
  'previewConfiguration',
  'syncStore',
  'approveRun',
  'rejectRun',
  'cancelRun',
  'undoRun',
  'addMember',
  'activateMember',
  'deactivateMember',
  'releaseMember',
  'takeBackEdit',
  'listAudit',
  'testConnection',
  'testStore',
  'seeAttributes',
  'previewMapping',
  'countCriteria',
  'followCriteriaCount',
  'sampleUsers',
  'samplePerson',
  'searchGroups',
  'addDomain',
  'testAlerts',
  'listNotices',
  'writeTemplate',
  'resetTemplate',
  'previewTemplate',
  'verifyDomain',
  'removeDomain',
];

describe('access to the API', () => {
  let api: ApiWorld;
  beforeAll(async () => {
    api = await openApiWorld();
  });
  afterAll(() => api.close());

  it('is as intended', () => {
    const roleOf = (id: string) =>
      forOwners.includes(id) ? 'owner' : forAdmins.includes(id) ? 'admin' : 'viewer';
    for (const { id, role, isSecured } of api.contract.operations) {
      expect({ id, role }).toEqual({ id, role: forAll.includes(id) ? 'public' : roleOf(id) });
      expect({ id, isSecured }).toEqual({ id, isSecured: !forAll.includes(id) });
    }
  });

  it.each(senders)('holds for %s on every route of the document', async (who) => {
    // A browser that comes back without a sign-in that was begun is refused: people.test.ts.
    const routes = api.contract.operations.filter(({ id }) => id !== 'endSignIn');
    for (const { id, method, path, role } of routes) {
      const url = path.replaceAll(/\{[^}]+\}/g, 'nothing');
      const { status } = await api.ask(method, url, { as: who });
      const told = status === 401 || status === 403 ? status : 'let in';
      const asked = role as Who | 'public';
      const expected =
        asked === 'public' || ranks[who] >= ranks[asked] ? 'let in' : who === 'none' ? 401 : 403;
      expect({ id, told }).toEqual({ id, told: expected });
    }
  });

  it('is checked again at each request', async () => {
    api.world.tokens.add('brief', 'viewer');
    const headers = { authorization: 'Bearer rc_brief' };
    const ask = async () => (await api.ask('GET', '/stores', { as: 'none', headers })).status;
    expect(await ask()).toBe(200);
    api.world.tokens.all.delete('brief');
    expect(await ask()).toBe(401);
  });

  it('is the same for HEAD as for GET', async () => {
    const head = async (who: Who) => {
      const headers = { authorization: `Bearer rc_${who}` };
      return (await api.http.ask('/api/v1/tokens', { method: 'HEAD', headers })).status;
    };
    expect(await head('viewer')).toBe(403);
    expect(await head('owner')).toBe(200);
  });

  it('is refused with a problem where there is no sign-in page', async () => {
    const answer = await api.get('/stores', 'none');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ title: 'Sign in first', status: 401 });
  });
});
