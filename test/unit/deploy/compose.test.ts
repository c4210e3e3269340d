import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { settingsSchema } from '../../../config/schema.ts';
import { withSecrets } from '../../fakes/deploy-files.ts';

interface Service {
  readonly [key: string]: unknown;
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

const file = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};
const services = Object.entries(file.services);
const dockerfile = readFileSync('Dockerfile', 'utf8');

describe.each(services)('the service %s of compose.yaml', (_name, service) => {
  it('writes to its volumes and a temporary folder alone, with no capability and none to gain', () => {
    expect(service).toMatchObject({
      read_only: true,
      tmpfs: expect.arrayContaining(['/tmp']),
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service).not.toHaveProperty('cap_add');
    expect(service).not.toHaveProperty('privileged');
  });

  it('is never root', () => {
    const isBuiltHere = service.build === '.' && /^USER node$/m.test(dockerfile);
    expect(isBuiltHere || service.user === '999:999').toBe(true);
  });

  it('has limits of memory and of its logs, and time to stop', () => {
    expect(service).toMatchObject({
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      stop_grace_period: expect.stringMatching(/^\d+s$/),
      restart: 'unless-stopped',
      logging: {
        driver: 'local',
        options: {
          'max-size': expect.stringMatching(/^\d+m$/),
          'max-file': expect.stringMatching(/^\d+$/),
        },
      },
    });
  });

  it('shows its health', () => {
    const checked = service.build === '.' ? dockerfile : JSON.stringify(service);
    expect(checked).toMatch(/HEALTHCHECK|"healthcheck":\{"test":\["CMD"/);
  });

  it('is of an exact version', () => {
    const pattern = service.build === undefined ? /^[a-z]+:\d+\.\d+\.\d+$/ : /^rollcall$/;
    expect(service.image).toMatch(pattern);
  });

  it('reads credentials from files alone, and each from a secret that it is given', () => {
    const environment = service.environment ?? {};
    const open = Object.entries(environment).filter(([name, value]) => isSecret(name) && value);
    expect(open).toEqual([]);
    const texts = [...Object.values(environment), ...(service.command ?? [])];
    const read = texts.flatMap((text) => /^\/run\/secrets\/(.+)$/.exec(text)?.[1] ?? []);
    expect(service.secrets ?? []).toEqual(expect.arrayContaining(read));
    const healthcheck = JSON.stringify(service.healthcheck ?? '');
    const used = (secret: string) =>
      read.includes(secret) ||
      healthcheck.includes(`/run/secrets/${secret}'`) ||
      usedByScripts(service, secret);
    expect((service.secrets ?? []).filter((secret) => !used(secret))).toEqual([]);
  });

  it('is reached from this machine alone', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('gets only settings that there are', () => {
    const environment = service.build === undefined ? {} : (service.environment ?? {});
    const names = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
    expect(Object.keys(settingsSchema.shape)).toEqual(expect.arrayContaining(names));
  });
});

/** Whether a variable holds a secret itself, and not the name of a file. */
function isSecret(name: string): boolean {
  const shape: Readonly<Record<string, z.ZodType>> = settingsSchema.shape;
  return name.endsWith('PASSWORD') || shape[name]?.meta()?.['secret'] === true;
}

/** Whether a script that the service mounts reads a secret. */
function usedByScripts({ volumes = [] }: Service, secret: string): boolean {
  const folders = volumes.flatMap((volume) => /^\.\/([^:]+):.*:ro$/.exec(volume)?.[1] ?? []);
  return folders.some((folder) =>
    readdirSync(folder).some((name) =>
      readFileSync(join(folder, name), 'utf8').includes(`/run/secrets/${secret}`),
    ),
  );
}

describe('compose.yaml', () => {
  it('has the processes, their services, and the simulator behind a profile', () => {
    expect(Object.keys(file.services).sort()).toEqual([
      'api',
      'mongo',
      'redis',
      'simulator',
      'worker',
    ]);
    expect(file.services['simulator']?.['profiles']).toEqual(['simulator']);
  });

  it('keeps Redis from evicting jobs, lets it outlive a restart, and has it ask for a user', () => {
    const command = file.services['redis']?.command?.join(' ');
    expect(command).toContain('--maxmemory-policy noeviction --appendonly yes');
    expect(command).toContain('--aclfile /run/secrets/redis-users.acl');
  });

  it('starts the processes once their services are healthy', () => {
    for (const name of ['api', 'worker']) {
      expect(file.services[name]).toMatchObject({
        depends_on: {
          mongo: { condition: 'service_healthy' },
          redis: { condition: 'service_healthy' },
        },
        env_file: [{ path: '.env', required: false }],
        init: true,
        environment: { HTTP_HOST: '0.0.0.0', HTTP_PORT: '3000' },
      });
    }
  });

  it('names the secrets that deploy/make-secrets writes', () => {
    const written = withSecrets((folder) => readdirSync(join(folder, 'secrets')).sort());
    const named = Object.entries(file.secrets).map(([name, { file: path }]) => {
      expect(path).toBe(`secrets/${name}`);
      return name;
    });
    expect(named.sort()).toEqual(written.filter((name) => name !== 'redis-password'));
  });
});

describe('the development services', () => {
  it('lie over it without a password, and use its images', () => {
    const text = readFileSync('packages/dev-services/compose.ports.yaml', 'utf8');
    const over = parse(text.replaceAll(/!(override|reset) /g, '')) as typeof file;
    expect(over.services['mongo']).toMatchObject({ environment: {}, secrets: [] });
    expect(over.services['redis']).toMatchObject({ secrets: [] });
    expect(over.services['redis']?.command).not.toContain('--aclfile');
    expect(readFileSync('packages/dev-services/src/redis-cluster.ts', 'utf8')).toContain(
      `'${file.services['redis']?.image}'`,
    );
  });
});
