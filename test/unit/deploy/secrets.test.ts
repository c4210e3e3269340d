import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import { withSecrets } from '../../fakes/deploy-files.ts';

const read = (folder: string, name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');

function readAll(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(join(folder, 'secrets')).map((name) => [name, read(folder, name)]),
  );
}

describe('deploy/make-secrets', () => {
  it('writes settings that Rollcall takes', () => {
    withSecrets((folder) => {
      const config = loadConfig({
        MONGODB_URI_FILE: join(folder, 'secrets/mongodb-uri'),
        REDIS_URL_FILE: join(folder, 'secrets/redis-url'),
        SECRETS_KEYS_FILE: join(folder, 'secrets/secrets-keys'),
      });
      const password = read(folder, 'redis-password').trim();
      expect(config.redisUrl).toBe(`redis://rollcall:${password}@redis:6379`);
      expect(config.mongodbUri).toContain(
        `rollcall:${read(folder, 'mongodb-password').trim()}@mongo:27017/`,
      );
      expect(config.secretsKeys).toHaveLength(1);
    });
  });

  it('writes files that containers can read, in a folder that its owner alone can enter', () => {
    withSecrets((folder) => {
      expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
      const modes = readdirSync(join(folder, 'secrets')).map(
        (name) => statSync(join(folder, 'secrets', name)).mode & 0o777,
      );
      expect([...new Set(modes)]).toEqual([0o644]);
    });
  });

  it('changes nothing when it is run again, and renews what it makes from passwords', () => {
    withSecrets((folder, again) => {
      const before = readAll(folder);
      writeFileSync(join(folder, 'secrets/redis-users.acl'), 'of an earlier release');
      again();
      expect(readAll(folder)).toEqual(before);
    });
  });

  it('makes different passwords each time', () => {
    const [one, other] = [withSecrets(readAll), withSecrets(readAll)];
    const same = Object.keys(one).filter((name) => one[name] === other[name]);
    expect(same).toEqual([]);
  });

  it('takes the key of secrets.key, where there is one', () => {
    withSecrets((folder, again) => {
      writeFileSync(join(folder, 'secrets.key'), 'k9:of-before\n');
      chmodSync(join(folder, 'secrets'), 0o755);
      writeFileSync(join(folder, 'secrets/secrets-keys'), '');
      again();
      expect(read(folder, 'secrets-keys')).toBe('k9:of-before\n');
    });
  });

  it('gives Redis the hash of the password and not the password, and no user without a limit', () => {
    withSecrets((folder) => {
      const acl = read(folder, 'redis-users.acl');
      const password = read(folder, 'redis-password').trim();
      expect(acl).not.toContain(password);
      expect(acl).toContain(` #${createHash('sha256').update(password).digest('hex')} `);
      const users = acl.trimEnd().split('\n');
      expect(users.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
        'user default off',
        'user health on',
        'user rollcall on',
      ]);
      expect(users[1]).toBe('user health on nopass resetkeys resetchannels -@all +ping');
    });
  });
});
