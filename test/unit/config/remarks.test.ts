import { loadConfig } from '../../../config/load.ts';
import { remarksOn } from '../../../config/remarks.ts';

const said = (more: Readonly<Record<string, string>>) =>
  remarksOn(
    loadConfig({
      MONGODB_URI: 'mongodb://db.example/',
      REDIS_URL: 'redis://cache.example',
      SECRETS_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      ...more,
    }),
  ).map(({ about, message }) => `${about}: ${message}`);

describe('settings that work', () => {
  it.each([
    {},
    { MONGODB_URI: 'mongodb://db.example' },
    { MONGODB_URI: 'mongodb://ada:secret@db.example/admin?w=majority&readPreference=primary' },
    { MONGODB_URI: 'mongodb+srv://ada:secret@db.example/rollcall?retryWrites=true' },
    { MONGODB_URI: 'mongodb://db.example/people', MONGODB_DATABASE: 'people' },
    { HTTP_HOST: '0.0.0.0', PUBLIC_URL: 'https://rollcall.example.com' },
  ])('are passed over in silence: %j', (more) => {
    expect(said(more)).toEqual([]);
  });

  it.each([
    'w=0',
    'w=1',
    'readPreference=secondary',
    'readConcernLevel=available',
    'journal=false',
  ])('are named where they have no effect: %s', (option) => {
    const uri = `mongodb://ada:hunter2@db.example/?${option}&retryWrites=true`;
    expect(said({ MONGODB_URI: uri })).toEqual([
      `MONGODB_URI: ${option} has no effect: writes are acknowledged by a majority, and reads go to the primary`,
    ]);
  });

  it('name another database than the one that is used', () => {
    expect(said({ MONGODB_URI: 'mongodb://ada:hunter2@db.example/people' })).toEqual([
      'MONGODB_URI: the database people in its path is not used: Rollcall works in rollcall',
    ]);
  });

  it.each(['0.0.0.0', '::'])('give no address that can be reached: %s', (host) => {
    expect(said({ HTTP_HOST: host })).toEqual([
      expect.stringMatching(
        /^PUBLIC_URL: http:\/\/\S+:3000 is no address that people and directories/,
      ),
    ]);
  });
});
