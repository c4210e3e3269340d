import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testServices } from '../setup/services.ts';

describe('the demo', () => {
  it('shows members created, changed and removed, held records and an undo, and exits 0', async () => {
    const { mongodbUri, redisUrl } = testServices();
    const env = { ...process.env, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl };
    const demo = join(__dirname, '../../bin/demo');
    const { stdout } = await promisify(execFile)(demo, { env, maxBuffer: 2 ** 24 });
    expect(stdout).toMatch(/Run [0-9a-f]{24} succeeded after .*: 480 created/);
    expect(stdout).toMatch(/update +applied +email, lastName, displayName differ from the source/);
    expect(stdout).toMatch(/deactivate +applied +suspended in the directory/);
    expect(stdout).toMatch(/deactivate +applied +no longer in the directory/);
    expect(stdout).toMatch(/reactivate +applied +active in the directory again/);
    expect(stdout).toMatch(/is held after .*: 0 of 100 changes applied, 100 held/);
    expect(stdout).toMatch(/Mode +undo|Run [0-9a-f]{24} succeeded after .*: \d+ updated/);
    expect(stdout).toContain('nothing changed');
  });
});
