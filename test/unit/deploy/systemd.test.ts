import { readFileSync } from 'node:fs';
import { settingsSchema } from '../../../config/schema.ts';
import { namedFiles, stopsWithinSeconds } from './orchestration.ts';

const roles = ['api', 'worker'] as const;
const pathOf = (role: string) => `deploy/systemd/rollcall-${role}.service`;

/** The entries of a unit's section [Service], in order. */
function serviceOf(role: string): readonly (readonly [name: string, value: string])[] {
  const [, section = ''] = /\[Service\]\n(.*?)\n\[/s.exec(readFileSync(pathOf(role), 'utf8')) ?? [];
  return section
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}

describe.each(roles)('the systemd unit of the %s', (role) => {
  const entries = serviceOf(role);
  const value = (name: string) => entries.find(([each]) => each === name)?.[1];
  const values = (name: string) => entries.filter(([each]) => each === name).map(([, of]) => of);
  const environment = Object.fromEntries(
    values('Environment').map((pair) => pair.split('=') as [string, string]),
  );

  it('starts the build in its role', () => {
    expect(value('ExecStart')).toBe(`/usr/bin/node /opt/rollcall/dist/src/main.js serve ${role}`);
  });

  it('has more time to stop than it takes, and is not started again with a wrong setting', () => {
    expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(stopsWithinSeconds());
    expect(value('KillSignal')).toBe('SIGTERM');
    expect(value('KillMode')).toBe('mixed');
    expect(value('RestartPreventExitStatus')).toBe('78');
  });

  it('reads its secrets from credentials', () => {
    const loaded = values('LoadCredential').map((each) => each.split(':')[0]);
    expect(namedFiles(environment)).toEqual(loaded.map((name) => `%d/${name}`));
    expect(loaded).toHaveLength(3);
  });

  it('has settings that there are', () => {
    const file = readFileSync('deploy/systemd/rollcall.env', 'utf8');
    const names = [...file.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name);
    const given = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
    const known = ['NODE_ENV', ...Object.keys(settingsSchema.shape)];
    expect(known).toEqual(expect.arrayContaining([...names, ...given]));
  });

  it('is not root, has no capability, and writes nowhere', () => {
    const confined = [
      'DynamicUser',
      'NoNewPrivileges',
      'ProtectHome',
      'PrivateTmp',
      'PrivateDevices',
    ];
    expect(confined.map((name) => [name, value(name)])).toEqual(
      confined.map((name) => [name, 'yes']),
    );
    expect(value('CapabilityBoundingSet')).toBe('');
    expect(value('ProtectSystem')).toBe('strict');
    expect(value('MemoryMax')).toMatch(/^\d+[MG]$/);
  });
});

describe('the systemd units', () => {
  it('differ in their role alone', () => {
    const [api, worker] = roles.map((role) => JSON.stringify(serviceOf(role)));
    expect(worker).toBe(api?.replace('serve api', 'serve worker'));
  });
});
