import { createProgress, pickMirror } from '../../src/debian/apt.ts';
import { publishedAddress } from '../../src/docker.ts';
import { ConfigError } from '../../src/errors.ts';
import { findGivenServices } from '../../src/given-services.ts';
import { instanceOf } from '../../src/instance.ts';

describe('findGivenServices', () => {
  it('gives what the environment names', () => {
    const given = findGivenServices({ MONGODB_URI: 'mongodb://a/', REDIS_URL: 'redis://b' });
    expect(given).toEqual({ mongodbUri: 'mongodb://a/', redisUrl: 'redis://b' });
  });

  it('gives nothing when neither is named, or both are empty', () => {
    expect(findGivenServices({})).toBeUndefined();
    expect(findGivenServices({ MONGODB_URI: '', REDIS_URL: '' })).toBeUndefined();
  });

  it.each([{ MONGODB_URI: 'mongodb://a/' }, { REDIS_URL: 'redis://b' }])(
    'refuses one of two: %j',
    (environment) => {
      expect(() => findGivenServices(environment)).toThrow(ConfigError);
    },
  );
});

describe('instanceOf', () => {
  const name = 'dev';
  it('tells the instances of two clones apart', () => {
    const one = instanceOf({ repository: '/a', name, isDisposable: false });
    const other = instanceOf({ repository: '/b', name, isDisposable: false });
    expect(one.folder).toBe('/a/.services/dev');
    expect(one.id).not.toBe(other.id);
  });
});

describe('pickMirror', () => {
  const line = (base: string, suite: string): string => `'${base}/dists/${suite}/InRelease' x 0 \n`;

  it("takes the mirror of Debian itself, not of its security updates or of others' packages", () => {
    const printed =
      line('http://deb.example.org/nodesource', 'nodistro') +
      line('http://mirror.example.org/debian-security', 'bookworm-security') +
      line('http://mirror.example.org/debian', 'bookworm-updates');
    expect(pickMirror(printed)).toBe('http://mirror.example.org/debian');
  });

  it('takes a mirror under another name when there is none of that name', () => {
    const printed =
      line('http://cache.example.org/security', 'x') + line('http://cache.example.org/deb', 'x');
    expect(pickMirror(printed)).toBe('http://cache.example.org/deb');
  });

  it('finds none in nothing', () => {
    expect(pickMirror('')).toBeUndefined();
  });
});

describe('createProgress', () => {
  it('reports every quarter once', () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    for (let percent = 0; percent <= 100; percent += 10)
      progress(`dlstatus:1:${percent}.0:Retrieving`);
    progress('pmstatus:dpkg:50:Unpacking');
    expect(lines).toEqual(['downloaded 25 %', 'downloaded 50 %', 'downloaded 75 %']);
  });
});

describe('publishedAddress', () => {
  it.each([
    ['127.0.0.1:49153\n', '127.0.0.1:49153'],
    ['127.0.0.1:0\n', undefined],
    ['', undefined],
  ])('reads %j', (printed, expected) => {
    expect(publishedAddress(printed)).toBe(expected);
  });
});
