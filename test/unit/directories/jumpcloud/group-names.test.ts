import { createConnectDirectory } from '../../../../src/directories/index.ts';
import {
  type AnsweringServer,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';

let server: AnsweringServer;
afterEach(() => server.close());

/** Resolves a reference in an organization that has groups with these names; their ids are g1, g2, … */
async function resolve(reference: string, names: readonly string[]): Promise<string | undefined> {
  const groups = names.map((name, at) => ({ id: `g${at + 1}`, name }));
  server = await startAnsweringServer((response, { url }) =>
    sendJson(response, 200, url.includes('skip=0') ? groups : []),
  );
  const directory = createConnectDirectory(
    { origins: { JUMPCLOUD_CONSOLE_URL: server.url }, retryBudgetMs: 100 },
    { now: () => 0, random: () => 0 },
  )({
    directory: 'jumpcloud',
    connection: { region: 'us' },
    credential: { type: 'api-key', apiKey: 'jca_key' },
    orgId: null,
    signal: new AbortController().signal,
  });
  return (await directory.resolveGroups([reference])).get(reference);
}

describe('the name of a JumpCloud group in the criteria', () => {
  it.each([
    ['Ing\u00e9nieurs', 'Inge\u0301nieurs'],
    ['Inge\u0301nieurs', 'Ing\u00e9nieurs'],
    ['Sales Team', 'Sales\u00a0Team'],
    ['Sales Team', ' Sales  Team '],
    ['\tSales\u00a0Team', 'Sales Team'],
  ])('%j finds the group %j', async (reference, name) => {
    await expect(resolve(reference, ['Other', name])).resolves.toBe('g2');
  });

  it('is not enough when several groups have it, which the message tells apart', async () => {
    await expect(resolve('Sales', ['Sales\u00a0', 'Sales', 'sales'])).rejects.toMatchObject({
      code: 'group-missing',
      message:
        'JumpCloud has 2 user groups named "Sales": name the one by its id (g1 (U+00A0 instead of nothing at character 6), g2)',
    });
  });

  it.each([
    ['S\u0430les', ' (U+0430 instead of U+0061 at character 2)'],
    ['Sales\u200b', ' (U+200B instead of nothing at character 6)'],
    ['Salesx', ''],
  ])('is not the name %j, and the suggestion says why', async (name, difference) => {
    await expect(resolve('Sales', [name])).rejects.toMatchObject({
      message: `JumpCloud has no user group "Sales". Did you mean ${name}${difference}?`,
    });
  });
});
