import { Resolver } from 'node:dns/promises';
import type { LookUpTxt } from '../../ports/domains.ts';

const timeoutMs = 3_000;
const tries = 2;

/** The answers that say that there is no record. Every other failure says nothing about it. */
const absent: readonly string[] = ['ENOTFOUND', 'ENODATA'];

/** Asks these resolvers, or those of the system, for TXT records. The parts of a long value are joined. */
export function createLookUpTxt(servers: readonly string[]): LookUpTxt {
  return async (name) => {
    try {
      const resolver = new Resolver({ timeout: timeoutMs, tries });
      if (servers.length > 0) resolver.setServers(servers);
      const values = (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
      return { kind: 'records', values };
    } catch (error) {
      const { code = 'no reason' } = error as { readonly code?: string };
      return absent.includes(code) ? { kind: 'none' } : { kind: 'unknown', reason: code };
    }
  };
}
