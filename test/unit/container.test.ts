import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const instructions = dockerfile
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const stages = dockerfile.split(/^FROM /m).slice(1);

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly profiles?: readonly string[];
}
const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};

describe('the Dockerfile', () => {
  it('builds in one stage and runs in another, as nobody special, with a health check', () => {
    expect(stages).toHaveLength(2);
    expect(stages[1]).toMatch(/^USER node$/m);
    expect(stages[1]).toMatch(/^HEALTHCHECK /m);
    expect(stages[1]).not.toMatch(/npm |tsc|COPY (?!--from=build)/);
  });

  it('knows only instructions that Docker knows', () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD)\b/;
    expect(instructions.filter((line) => !known.test(line))).toEqual([]);
  });

  it('copies what the repository has, and all that the build includes', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const build = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as {
      include: string[];
    };
    expect(copied).toEqual(expect.arrayContaining(build.include));
  });

  it('pins a Node that package.json accepts', () => {
    for (const stage of stages) expect(stage).toMatch(/^node:(2[2468]|20)-slim/);
  });
});

describe('compose.yaml', () => {
  it('has the processes, their services, and the simulator behind a profile', () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      'api',
      'mongo',
      'redis',
      'simulator',
      'worker',
    ]);
    expect(compose.services['simulator']?.profiles).toEqual(['simulator']);
  });

  it('keeps Redis from evicting jobs and lets it outlive a restart', () => {
    expect(compose.services['redis']?.command?.join(' ')).toContain('noeviction --appendonly yes');
  });

  it('starts the processes once their services are healthy, with all required settings', () => {
    for (const name of ['api', 'worker']) {
      const service = compose.services[name];
      expect(service?.depends_on).toEqual({
        mongo: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
      expect(Object.keys(service?.environment ?? {})).toEqual(
        expect.arrayContaining(['MONGODB_URI', 'REDIS_URL', 'SECRETS_KEYS']),
      );
    }
    expect(compose.services['mongo']?.healthcheck).toBeDefined();
    expect(compose.services['redis']?.healthcheck).toBeDefined();
  });
});
