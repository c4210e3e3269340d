import { type CheckPorts, checkDomains } from '../src/notify/mail/check-domains.ts';
import type { DomainStore } from '../src/ports/domains.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

interface CheckDomainsDependencies extends CheckPorts {
  readonly domains: Pick<DomainStore, 'list' | 'save'>;
}

const hourMs = 60 * 60_000;

/** Checks the verified domains whose last check is a day old: hourly, so that resolvers that were away are asked again. */
export function checkDomainsJob(ports: CheckDomainsDependencies): JobDefinition {
  return defineRecurring('check-domains', hourMs, async ({ signal }) => ({
    end: 'done',
    result: await checkDomains(ports, signal),
  }));
}
