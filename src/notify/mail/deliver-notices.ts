import { Cancelled } from '../../core/errors.ts';
import { domainOf } from '../../core/mail/domain-record.ts';
import { addressOf, judgeNotice, type NoticeFacts } from '../../core/mail/judge-notice.ts';
import {
  giveUp,
  markDelivered,
  markFailed,
  markNotBegun,
  markSending,
  putOff,
} from '../../core/mail/notice-attempts.ts';
import { defaultTemplates, renderTemplate, type TemplateKind } from '../../core/mail/template.ts';
import type { Notice } from '../../core/model/notice.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { DomainStore } from '../../ports/domains.ts';
import type { SendMail } from '../../ports/mail.ts';
import type { TemplateStore } from '../../ports/mail-templates.ts';
import type { MemberStore } from '../../ports/members.ts';
import type { NoticeStore } from '../../ports/notices.ts';
import type { RecordStore } from '../../ports/records.ts';
import { askAboutDomain, type CheckPorts, storeCheck } from './check-domains.ts';

export interface NoticePorts extends Omit<CheckPorts, 'domains'> {
  readonly notices: Pick<NoticeStore, 'due' | 'save' | 'drop' | 'lastMove' | 'deliveredSince'>;
  readonly members: Pick<MemberStore, 'byIds'>;
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly records: Pick<RecordStore, 'byIds'>;
  readonly domains: Pick<DomainStore, 'get' | 'save'>;
  readonly mailTemplates: Pick<TemplateStore, 'get'>;
}

/** `repeated`: a try before ended without an outcome, so the mail may arrive a second time. */
export interface NoticeTry {
  readonly outcome: 'delivered' | 'failed' | 'given-up';
  readonly repeated: boolean;
  readonly notice: Notice;
}

export interface NoticeDelivery {
  readonly send: SendMail;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Called before each further round. */
  readonly mayContinue: () => Promise<boolean>;
  /** Called after every try, for the log. */
  readonly onTried: (tried: NoticeTry) => void;
}

/** This many are sent at once. */
const sendsAtOnce = 5;
/** So many mails leave in a day at most: a mistake in a directory must not become a flood. */
const mostPerDay = 5_000;
const dayMs = 24 * 60 * 60_000;

type End = 'delivered' | 'failed' | 'not-tried';

/** Sends the due notices, round by round. A round in which sending failed is the last one. */
export async function deliverNotices(
  ports: NoticePorts,
  delivery: NoticeDelivery,
): Promise<{ readonly delivered: number; readonly failed: number }> {
  let delivered = 0;
  for (;;) {
    const now = ports.clock.now();
    const sent = await ports.notices.deliveredSince(new Date(now.getTime() - dayMs));
    const due = await ports.notices.due(now, Math.min(sendsAtOnce, Math.max(0, mostPerDay - sent)));
    const ends = await Promise.all(due.map((notice) => deliver(ports, notice, delivery)));
    delivered += ends.filter((end) => end === 'delivered').length;
    const failed = ends.filter((end) => end === 'failed').length;
    const isLast = due.length < sendsAtOnce || failed > 0 || delivery.signal.aborted;
    if (isLast || !(await delivery.mayContinue())) return { delivered, failed };
  }
}

async function deliver(ports: NoticePorts, notice: Notice, delivery: NoticeDelivery): Promise<End> {
  const { notices, clock } = ports;
  let facts = await readFacts(ports, notice);
  let verdict = judgeNotice(notice, facts, clock.now());
  if (verdict.does === 'check-domain') {
    facts = await checkDomain(ports, facts);
    verdict = judgeNotice(notice, facts, clock.now());
  }
  switch (verdict.does) {
    case 'drop':
      await notices.drop(notice.id);
      return 'not-tried';
    case 'give-up':
      await notices.save(giveUp(notice, verdict.why));
      return 'not-tried';
    case 'check-domain': {
      // No resolver answered.
      const until = new Date(clock.now().getTime() + unknownMs);
      await notices.save(putOff(notice, until, facts.domain?.problem ?? null));
      return 'not-tried';
    }
    case 'wait':
      await notices.save(putOff(notice, verdict.until, verdict.why));
      return 'not-tried';
    case 'send':
      return attempt(ports, { notice, facts, ...verdict, delivery });
  }
}

const unknownMs = 10 * 60_000;

async function readFacts(ports: NoticePorts, notice: Notice): Promise<NoticeFacts> {
  const { members, stores, records, domains, notices } = ports;
  const [[member = null], store, [record = null], lastMove] = await Promise.all([
    members.byIds([notice.memberId]),
    stores.get(notice.storeId),
    records.byIds([notice.recordId]),
    notices.lastMove(notice.memberId),
  ]);
  const address = addressOf(notice, { member, record });
  const domain = address === null ? null : await domains.get(domainOf(address));
  return { member, store, record, domain, lastMove };
}

/** The record of a domain is looked up again within an hour before mail is sent there. */
async function checkDomain(ports: NoticePorts, facts: NoticeFacts): Promise<NoticeFacts> {
  if (facts.domain === null) return facts;
  const after = await askAboutDomain(ports, facts.domain);
  await storeCheck(ports, { before: facts.domain, after });
  return { ...facts, domain: after };
}

interface Attempt {
  readonly notice: Notice;
  readonly facts: NoticeFacts;
  readonly address: string;
  readonly template: TemplateKind;
  readonly delivery: NoticeDelivery;
}

/**
 * Hands a notice to the mail server, after that is stored: a process that dies in between leaves a mark. The next try
 * repeats the mail once, under the same id, and says so.
 */
async function attempt(ports: NoticePorts, asked: Attempt): Promise<End> {
  const { notices, clock } = ports;
  const { delivery, address } = asked;
  const begun = markSending(asked.notice, clock.now());
  const repeated = begun.unknownOutcomes > 0;
  await notices.save(begun);
  if (begun.sendingAt === null) {
    delivery.onTried({ outcome: 'given-up', repeated, notice: begun });
    return 'failed';
  }
  const mail = await write(ports, asked);
  if (mail === null) {
    const lost = giveUp(begun, 'the subject would have a line break or a control character');
    await notices.save(lost);
    delivery.onTried({ outcome: 'given-up', repeated, notice: lost });
    return 'failed';
  }
  try {
    const problem = await delivery.send({ id: begun.id, to: [address], ...mail }, delivery.signal);
    const now = clock.now();
    const error = problem?.message ?? '';
    const isFinal = problem?.isFinal ?? false;
    const notice =
      problem === null
        ? markDelivered(begun, now)
        : markFailed(begun, { error, isFinal, now, random: delivery.random() });
    await notices.save(notice);
    const lost = notice.nextAttemptAt === null ? 'given-up' : 'failed';
    delivery.onTried({ outcome: problem === null ? 'delivered' : lost, repeated, notice });
    return problem === null ? 'delivered' : 'failed';
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    await notices.save(markNotBegun(begun));
    return 'not-tried';
  }
}

async function write({ mailTemplates }: NoticePorts, { facts, template }: Attempt) {
  const { firstName, lastName, displayName, email } = facts.member?.fields ?? {};
  const full = [firstName, lastName].filter((part) => part !== undefined).join(' ');
  const values = {
    name: displayName ?? (full === '' ? (email ?? '') : full),
    email: email ?? '',
    store: facts.store?.name ?? '',
  };
  return renderTemplate((await mailTemplates.get(template)) ?? defaultTemplates[template], values);
}
