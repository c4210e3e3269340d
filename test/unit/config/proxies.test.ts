import { loadConfig } from '../../../config/load.ts';

const required = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};

const proxiesOf = (env: Readonly<Record<string, string>>) =>
  loadConfig({ ...required, ...env }, () => 'http://from-file.example').proxies;

describe('the settings of proxies', () => {
  it('are unset by default', () => {
    expect(proxiesOf({})).toEqual({ https: undefined, http: undefined, except: '' });
    expect(Object.isFrozen(proxiesOf({}))).toBe(true);
  });

  it('are read by their lower-case names too, where the others are left out', () => {
    const lower = {
      https_proxy: 'http://a.example:3128',
      http_proxy: 'http://b.example',
      no_proxy: 'localhost',
    };
    expect(proxiesOf(lower)).toEqual({
      https: 'http://a.example:3128/',
      http: 'http://b.example/',
      except: 'localhost',
    });
    expect(proxiesOf({ ...lower, HTTPS_PROXY: 'http://c.example', NO_PROXY: '*' })).toEqual({
      https: 'http://c.example/',
      http: 'http://b.example/',
      except: '*',
    });
    const fromFile = { ...lower, HTTPS_PROXY: '', HTTPS_PROXY_FILE: '/run/secrets/proxy' };
    expect(proxiesOf(fromFile).https).toBe('http://from-file.example/');
  });

  it.each([
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['https://proxy.example', 'https://proxy.example/'],
    ['http://ada:hunter%232@[::1]:3128/', 'http://ada:hunter%232@[::1]:3128/'],
  ])('take %s as a proxy', (value, url) => {
    expect(proxiesOf({ HTTPS_PROXY: value }).https).toBe(url);
  });

  it.each(['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'])(
    'name %s, and not its value, when it is malformed',
    (name) => {
      for (const value of [
        'socks5://ada:hunter2@proxy.example:1080',
        'http://ada:hunter2@proxy.example:99999',
        'http://ada:hunter2@proxy.example:0',
        'http://ada:hun/hunter2@proxy.example',
        'http://ada:12/hunter2@proxy.example',
        'http://ada:12#hunter2@proxy.example',
        'http://ada:12?hunter2@proxy.example',
        'http://ada:hunter2%zz@proxy.example',
        'http://ada:hunter2@proxy.example/path',
        'http://ada:hunter2@pro xy.example',
        'http://ada:hunter2@',
        'http://',
      ]) {
        const load = () => proxiesOf({ [name]: value });
        expect(load).toThrow(new RegExp(`${name.toUpperCase()}: (is|has) .*Give an http or https`));
        expect(load).not.toThrow(/hunter2/);
      }
    },
  );
});
