import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

describe('the API reference', () => {
  let api: ApiWorld;
  let answer: Response;
  let page: string;
  beforeAll(async () => {
    api = await openApiWorld();
    answer = await api.http.ask('/api/docs');
    page = await answer.text();
  });
  afterAll(() => api.close());

  it('has every operation with its role', () => {
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const { id, method, path, role } of api.contract.operations) {
      const summary = page.split(`<details id="${id}">`)[1]?.split('</summary>')[0];
      expect(summary).toContain(`<b>${method}</b> <code>/api/v1${path}</code>`);
      expect(summary).toContain(`<small>${role}</small>`);
    }
  });

  describe('as a document', () => {
    let text: string;
    beforeAll(async () => {
      text = await (await api.http.ask('/api/v1/openapi.json')).text();
    });
    const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

    it('refers to existing schemas, and has no others', () => {
      const names = Object.keys(JSON.parse(text).components.schemas);
      const references = new Set(all(/"\$ref":"([^"]+)"/g));
      expect([...references].sort()).toEqual(
        names.map((name) => `#/components/schemas/${name}`).sort(),
      );
    });

    it('has names that generators of clients accept', () => {
      for (const name of Object.keys(JSON.parse(text).components.schemas)) {
        expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      }
      const ids = all(/"operationId":"([^"]+)"/g);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(api.contract.operations.length);
    });

    it('accepts parts of a configuration, and nothing else', () => {
      const path = JSON.parse(text).paths['/api/v1/stores/{storeId}/configuration'].patch;
      const validate = new Ajv2020({ strict: false }).compile(
        path.requestBody.content['application/json'].schema,
      );
      expect(validate({ safeguards: { removals: { percent: 5 } } })).toBe(true);
      expect(validate({ schedule: { enabled: false }, criteria: { users: 'all' } })).toBe(true);
      expect(validate({ safeguards: { removals: { percent: '5' } } })).toBe(false);
      expect(validate({ sheduled: {} })).toBe(false);
    });
  });

  it('links to existing schemas', () => {
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(20);
    for (const anchor of new Set(links)) expect(page).toContain(`id="${anchor}"`);
  });

  it('runs no script, and loads only its own style', () => {
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/(?!json-schema)/);
  });
});
