import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { World } from '../../src/simulator/world.ts';

const users = 500;
const members = new World({ users, groups: 0 }).people
  .all()
  .filter(({ state }) => state !== 'STAGED').length;

const number = expect.any(Number);
const string = expect.any(String);
const spread = { median: number, min: number, max: number };
const timed = { seconds: number, min: number, max: number, outside: spread };

describe('npm run bench', () => {
  it('measures correct results, and prints JSON with stable names', async () => {
    const words = ['--import', 'tsx', 'bench/main.ts', '--users', `${users}`, '--rounds', '1'];
    const bench = spawn(process.execPath, [...words, '--json'], { stdio: 'pipe' });
    const [stdout, stderr, [code]] = await Promise.all([
      text(bench.stdout),
      text(bench.stderr),
      once(bench, 'close'),
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      users,
      latencyMs: 100,
      rounds: 1,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      machine: { cpu: string, cores: number, memoryGb: number, os: string },
      versions: { node: string, rollcall: string, database: string, redis: string },
      floors: { fetch: spread, import: spread, write: spread },
      naive: { seconds: number, min: number, max: number, usersMeasured: users, scaled: false },
      firstImport: {
        ...timed,
        usersPerSecond: number,
        overFloor: number,
        overNaive: number,
        created: members,
      },
      noChange: {
        ...timed,
        overFetch: number,
        writes: number,
        unchanged: members,
      },
      onePercent: { ...timed, overFloor: number, writes: number, changed: users / 100 },
      preview: { ...timed, changed: users / 100 },
      gone: {
        held: { ...timed, people: users / 10 },
        approved: { ...timed, people: users / 10 },
      },
      cpu: {
        firstImport: spread,
        noChange: spread,
        preview: spread,
        onePercent: spread,
        held: spread,
        approved: spread,
      },
      memory: { peakMb: number, min: number, max: number, tenthPeakMb: number, growth: number },
      requests: { listing: number, total: number },
    });
    const { cpu, noChange, onePercent } = JSON.parse(stdout);
    expect(noChange.writes).toBeGreaterThan(0);
    expect(noChange.writes).toBeLessThanOrEqual(5);
    expect(cpu.firstImport.min).toBeGreaterThan(0);
    // Each changed person is a record and a member at least.
    expect(onePercent.writes).toBeGreaterThanOrEqual((2 * users) / 100);
  }, 600_000);
});
