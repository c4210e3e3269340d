import { lapseAlert } from '../../core/alerts/new-alerts.ts';
import { afterCheck, needsCheck } from '../../core/mail/check-domain.ts';
import { recordName } from '../../core/mail/domain-record.ts';
import type { MailDomain } from '../../core/model/mail-domain.ts';
import type { AlertStore } from '../../ports/alerts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DomainStore, LookUpTxt } from '../../ports/domains.ts';

export interface CheckPorts {
  readonly domains: Pick<DomainStore, 'save'>;
  readonly alerts: Pick<AlertStore, 'raise'>;
  readonly lookUpTxt: LookUpTxt;
  readonly clock: Clock;
}

/** Looks the record of a domain up, and returns the domain as the answer makes it, before it is stored. */
export async function askAboutDomain(
  { lookUpTxt, clock }: Pick<CheckPorts, 'lookUpTxt' | 'clock'>,
  domain: MailDomain,
): Promise<MailDomain> {
  return afterCheck(domain, await lookUpTxt(recordName(domain.id)), clock.now());
}

/**
 * Stores a domain after a check. The alert about a lapse is raised first: a crash in between leaves an alert that is
 * dropped before it is sent, and never a lapse without one. False when another check was stored first.
 */
export async function storeCheck(
  { domains, alerts }: Pick<CheckPorts, 'domains' | 'alerts'>,
  { before, after }: { readonly before: MailDomain; readonly after: MailDomain },
): Promise<boolean> {
  if (before.status === 'verified' && after.status === 'lapsed') {
    await alerts.raise([lapseAlert(before)]);
  }
  return domains.save(after);
}

/** Checks each verified domain that no resolver has answered about for a day; returns how many lapsed. */
export async function checkDomains(
  ports: CheckPorts & { readonly domains: Pick<DomainStore, 'list' | 'save'> },
  signal: AbortSignal,
): Promise<{ readonly checked: number; readonly lapsed: number }> {
  const due = (await ports.domains.list()).filter((one) => needsCheck(one, ports.clock.now()));
  let checked = 0;
  let lapsed = 0;
  for (const before of due) {
    if (signal.aborted) break;
    const after = await askAboutDomain(ports, before);
    const isStored = await storeCheck(ports, { before, after });
    checked += 1;
    if (isStored && after.status === 'lapsed') lapsed += 1;
  }
  return { checked, lapsed };
}
