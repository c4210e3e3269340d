import { domainTaken, newDomain } from '../../src/core/mail/new-domain.ts';
import type { MailDomain } from '../../src/core/model/mail-domain.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DomainStore } from '../../src/ports/domains.ts';

/** The domains in memory. */
export class MemoryDomains implements DomainStore {
  readonly all = new Map<string, MailDomain>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async add(asked: { readonly id: string; readonly token: string }) {
    if (this.all.has(asked.id)) throw domainTaken(asked.id);
    const domain = newDomain(asked, this.#clock.now());
    this.all.set(domain.id, domain);
    return domain;
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async list() {
    return [...this.all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  async save(domain: MailDomain) {
    const stored = this.all.get(domain.id);
    if (stored?.token !== domain.token || stored.revision !== domain.revision) return false;
    this.all.set(domain.id, { ...domain, revision: domain.revision + 1 });
    return true;
  }
  async remove(id: string) {
    return this.all.delete(id);
  }
}
