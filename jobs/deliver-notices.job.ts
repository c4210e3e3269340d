import {
  deliverNotices,
  type NoticePorts,
  type NoticeTry,
} from '../src/notify/mail/deliver-notices.ts';
import type { LeaseStore } from '../src/ports/leases.ts';
import type { SendMail } from '../src/ports/mail.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface DeliverNoticesDependencies extends NoticePorts {
  readonly leases: LeaseStore;
  /** Null when no mail server is set. */
  readonly sendMail: SendMail | null;
  readonly random: () => number;
  readonly onNoticeTried: (tried: NoticeTry) => void;
}

/** Longer than one round can take; renewed before each further one. */
const lease = { storeId: 'notices', ttlMs: 120_000 };

/** Sends the mails to members that are due. Only one worker at a time does it: two would send each mail twice. */
export function deliverNoticesJob(dependencies: DeliverNoticesDependencies): JobDefinition {
  const { leases, sendMail, random, onNoticeTried } = dependencies;
  return defineRecurring('deliver-notices', 10_000, async ({ signal, holder }) => {
    if (sendMail === null || !(await leases.acquire({ ...lease, holder }))) {
      return { end: 'done', result: { delivered: 0, failed: 0 } };
    }
    try {
      const result = await deliverNotices(dependencies, {
        send: sendMail,
        random,
        signal,
        mayContinue: () => leases.renew({ ...lease, holder }),
        onTried: onNoticeTried,
      });
      return { end: 'done', result };
    } finally {
      await leases.release({ storeId: lease.storeId, holder });
    }
  });
}
