import fastify from 'fastify';
import { requireSchemas } from '../../../src/http/api/describe.ts';
import { accessOf, accessTable, mayUse } from '../../../src/http/auth/access.ts';
import { guardRoutes } from '../../../src/http/auth/authenticate.ts';
import { limitTable } from '../../../src/http/auth/limits.ts';
import { MemoryAudit } from '../../fakes/memory-audit.ts';
import { MemoryPeople, MemorySessions } from '../../fakes/memory-people.ts';

describe('a route of the API', () => {
  const schema = { tags: ['Tokens'], operationId: 'listTokens', response: {} };
  const add = (given?: object) => {
    const app = fastify();
    requireSchemas(app);
    app.route({ method: 'GET', url: '/tokens', schema: given ?? {}, handler: async () => 'x' });
  };

  it.each(['tags', 'operationId', 'response'])('is refused as it is added without %s', (part) => {
    const missing = Object.entries(schema).filter(([name]) => name !== part);
    expect(() => add(Object.fromEntries(missing))).toThrow(
      'The route GET /tokens has no schema with tags, operationId and response.',
    );
  });

  it('is taken with a schema, or without one when the document does not show it', () => {
    expect(() => add(schema)).not.toThrow();
    expect(() => add({ hide: true })).not.toThrow();
    expect(() => add()).toThrow('has no schema');
  });
});

describe('the table of limits', () => {
  it('names routes that there are', () => {
    expect(Object.keys(limitTable).filter((route) => !(route in accessTable))).toEqual([]);
  });
});

describe('access', () => {
  it('is decided for every route: an unlisted one is refused when it is added', () => {
    const app = fastify();
    const clock = { now: () => new Date() };
    guardRoutes(app, {
      tokens: { get: async () => null, bySecret: async () => null },
      people: new MemoryPeople(clock),
      sessions: new MemorySessions(clock),
      provider: null,
      clock,
      publicUrl: 'http://a.test',
      guardScim: async () => undefined,
      countFailure: async () => undefined,
      countRefusal: async () => true,
      audit: new MemoryAudit({ now: () => new Date() }),
    });
    app.get('/healthz', async () => 'ok');
    expect(() => app.get('/secret', async () => 'x')).toThrow(
      'The route GET /secret is not in the table',
    );
  });

  it('treats HEAD as GET', () => {
    expect(accessOf('HEAD', '/metrics')).toBe('public');
  });

  it('grows with the role, and none is given without one', () => {
    const roles = ['viewer', 'admin', 'owner'] as const;
    const allowed = (access: Parameters<typeof mayUse>[1]) =>
      roles.filter((role) => mayUse(role, access));
    expect(allowed('public')).toEqual(roles);
    expect(allowed('viewer')).toEqual(roles);
    expect(allowed('admin')).toEqual(['admin', 'owner']);
    expect(allowed('owner')).toEqual(['owner']);
    expect(allowed('none')).toEqual([]);
    expect(allowed('scim')).toEqual([]);
  });
});
