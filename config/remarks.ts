import { seeRunbook } from '../src/core/runbooks.ts';
import type { Config } from './load.ts';

/** A setting that can be used, and perhaps does not do what it was meant for. */
export interface Remark {
  /** The setting. */
  readonly about: string;
  readonly message: string;
  readonly advice: string;
}

/** What processes warn of at their start, and `doctor` at any time. */
export function remarksOn(config: Config): readonly Remark[] {
  return [...remarksOnDatabase(config), ...remarksOnPublicUrl(config)].map((remark) => ({
    ...remark,
    advice: `${remark.advice} ${seeRunbook('does-not-start')}`,
  }));
}

/** Options of a connection string that are not followed, whatever they say. */
const overridden = /^(w|journal|wtimeoutMS|readPreference|readPreferenceTags|readConcernLevel)$/i;

function remarksOnDatabase({ mongodbUri, mongodbDatabase }: Config): readonly Remark[] {
  const about = 'MONGODB_URI';
  const [, path = '', query = ''] = /^[^/]*\/\/[^/?]*\/?([^?]*)\??(.*)$/.exec(mongodbUri) ?? [];
  const named = [...new URLSearchParams(query)].filter(([name]) => overridden.test(name));
  const differing = named.filter(([name, value]) => !isFollowed(name, value));
  const remarks: Remark[] = [];
  if (differing.length > 0) {
    const options = differing.map(([name, value]) => `${name}=${value}`).join(' and ');
    remarks.push({
      about,
      message: `${options} has no effect: writes are acknowledged by a majority, and reads go to the primary`,
      advice: 'Take it out of MONGODB_URI, so that no one relies on it.',
    });
  }
  // A path is also where the driver looks for the user: `admin` is the usual one.
  if (path !== '' && path !== 'admin' && path !== mongodbDatabase) {
    remarks.push({
      about,
      message: `the database ${path} in its path is not used: Rollcall works in ${mongodbDatabase}`,
      advice:
        'Set MONGODB_DATABASE to the one that is meant. If the path names where the user was made, write authSource instead.',
    });
  }
  return remarks;
}

function isFollowed(name: string, value: string): boolean {
  const wanted = { w: 'majority', journal: 'true', readpreference: 'primary' };
  return wanted[name.toLowerCase() as keyof typeof wanted] === value;
}

/** Addresses to listen on, which no other machine can connect to. */
const anyAddress: readonly string[] = ['0.0.0.0', '[::]'];

function remarksOnPublicUrl({ publicUrl }: Config): readonly Remark[] {
  if (!anyAddress.includes(new URL(publicUrl).hostname)) return [];
  return [
    {
      about: 'PUBLIC_URL',
      message: `${publicUrl} is no address that people and directories can reach`,
      advice:
        'Set PUBLIC_URL to where this installation is reached, such as https://rollcall.example.com.',
    },
  ];
}
