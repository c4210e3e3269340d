import { execFileSync } from 'node:child_process';
import { blocking } from '../integration/expressions/bombs.ts';
import { applyFile } from './apply-file.ts';
import { eventually, type Installation, install } from './processes.ts';

let site: Installation;

beforeEach(async () => {
  site = await install({ users: 40, groups: 0, seed: 5 });
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
});
afterEach(() => site.close());

/** The processes that evaluate expressions for a process. */
function childrenOf(parent: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [pid = 0, ppid] = line.trim().split(/\s+/).map(Number);
    return ppid === parent && line.includes('dist/src/expressions/child.js') ? [pid] : [];
  });
}

function withDisplayName(expression: string): Promise<void> {
  return applyFile(site, 'acme', `mapping: { displayName: { expression: '${expression}' } }`);
}

describe('the build', () => {
  it('evaluates expressions in a process of its own', async () => {
    await withDisplayName('$uppercase(email)');
    const worker = await site.serve('worker');
    await site.ask(['sync', 'acme', '--wait']);
    const [child] = childrenOf(worker.pid);
    expect(child).toEqual(expect.any(Number));
    const members = await site.ask<{ fields: { email: string; displayName: string } }[]>([
      'members',
      'list',
      '--store',
      'acme',
    ]);
    expect(members.length).toBeGreaterThan(30);
    expect(
      members.filter(({ fields }) => fields.displayName !== fields.email.toUpperCase()),
    ).toEqual([]);
    expect(await worker.stop('SIGTERM')).toBe(0);
    expect(childrenOf(worker.pid)).toEqual([]);
  });

  it('stops on SIGTERM while an expression loops, and another process goes on', async () => {
    await withDisplayName(blocking);
    const worker = await site.serve('worker');
    const { id } = await site.ask<{ id: string }>(['sync', 'acme']);
    const child = await eventually(() => childrenOf(worker.pid)[0]);
    expect(await worker.stop('SIGTERM')).toBe(0);
    const running = execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' }).split(/\s+/);
    expect(running).not.toContain(String(child));
    expect(await site.ask(['runs', 'show', id])).toMatchObject({ status: 'listing' });
  });
});
