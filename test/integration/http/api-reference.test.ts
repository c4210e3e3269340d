import { createHash } from 'node:crypto';
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

  it('links to shapes that are there', () => {
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(20);
    for (const anchor of new Set(links)) expect(page).toContain(`id="${anchor}"`);
  });

  it('runs no script, and loads nothing but the style it has', () => {
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/(?!json-schema)/);
  });
});
