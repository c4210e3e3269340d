import { randomBytes } from 'node:crypto';
import { Conflict, NotFound } from '../../core/errors.ts';
import { otherTokenAt, otherTokens } from '../../core/mail/check-domain.ts';
import { readDomain, recordName } from '../../core/mail/domain-record.ts';
import { domainTaken } from '../../core/mail/new-domain.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { MailDomain } from '../../core/model/mail-domain.ts';
import { askAboutDomain, storeCheck } from '../../notify/mail/check-domains.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

type DomainPorts = Pick<Ports, 'domains' | 'lookUpTxt' | 'alerts' | 'audit' | 'clock'>;

const tokenBytes = 20;

/**
 * Adds a domain, which is verified once its record is there. `Conflict` when it is added already, and while a different
 * token of Rollcall stands at its label: another installation may send mail there.
 */
export async function addDomain(
  ports: Pick<DomainPorts, 'domains' | 'lookUpTxt' | 'audit'>,
  text: string,
  actor: Actor,
): Promise<MailDomain> {
  const id = readDomain(text);
  if ((await ports.domains.get(id)) !== null) throw domainTaken(id);
  if (otherTokens(null, await ports.lookUpTxt(recordName(id))).length > 0) {
    throw new Conflict(otherTokenAt(id), {
      hint: `Take that TXT record away if no other installation needs it. Then wait until resolvers have forgotten it, and add ${id} again.`,
    });
  }
  const token = randomBytes(tokenBytes).toString('hex');
  const changes = [{ path: 'domain', from: null, to: id }];
  return audited(ports, { actor, action: 'domain-added', changes }, () =>
    ports.domains.add({ id, token }),
  );
}

/** Looks the record of a domain up now. The domain that is returned says whether it is verified. */
export async function verifyDomain(
  ports: DomainPorts,
  text: string,
  actor: Actor,
): Promise<MailDomain> {
  const before = await findDomain(ports, text);
  const after = await askAboutDomain(ports, before);
  const store = async (): Promise<void> => {
    if (await storeCheck(ports, { before, after })) return;
    throw new Conflict(`Another check of ${before.id} was stored first.`, { hint: 'Try again.' });
  };
  if (after.status === before.status) await store();
  else {
    const changes = [
      { path: 'domain', from: null, to: before.id },
      { path: 'status', from: before.status, to: after.status },
    ];
    await audited(ports, { actor, action: 'domain-checked', changes }, store);
  }
  return after;
}

/** Removes a domain: its addresses get no more mail. */
export async function removeDomain(
  ports: Pick<DomainPorts, 'domains' | 'audit'>,
  text: string,
  actor: Actor,
): Promise<MailDomain> {
  const domain = await findDomain(ports, text);
  const changes = [{ path: 'domain', from: domain.id, to: null }];
  await audited(ports, { actor, action: 'domain-removed', changes }, async () => {
    if (!(await ports.domains.remove(domain.id))) throw noDomain(domain.id);
  });
  return domain;
}

async function findDomain(
  { domains }: Pick<DomainPorts, 'domains'>,
  text: string,
): Promise<MailDomain> {
  const id = readDomain(text);
  const domain = await domains.get(id);
  if (domain === null) throw noDomain(id);
  return domain;
}

function noDomain(id: string): NotFound {
  return new NotFound(`There is no domain ${id}.`, { hint: 'See all with: rollcall domains list' });
}
