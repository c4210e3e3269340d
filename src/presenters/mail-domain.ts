import { z } from 'zod';
import { recordOf } from '../core/mail/domain-record.ts';
import { domainStatuses, type MailDomain } from '../core/model/mail-domain.ts';
import { time, timeText } from './times.ts';

export const domainSchema = z
  .object({
    domain: z.string().meta({ description: 'In ASCII: an international one in punycode.' }),
    status: z.enum(domainStatuses),
    record: z
      .object({ name: z.string(), type: z.literal('TXT'), value: z.string() })
      .meta({ description: 'The DNS record that proves the control of the domain.' }),
    createdAt: time,
    verifiedAt: time.nullable(),
    checkedAt: time.nullable().meta({ description: 'When a resolver last answered.' }),
    failures: z.int().meta({ description: 'Answers without the record in a row.' }),
    problem: z.string().nullable().meta({ description: 'Why the record was not found.' }),
  })
  .meta({ id: 'Domain', description: 'A domain whose addresses get mail once it is verified.' });

/** A domain as scripts read it. */
export function domainJson(domain: MailDomain): z.output<typeof domainSchema> {
  return {
    domain: domain.id,
    status: domain.status,
    record: recordOf(domain),
    createdAt: domain.createdAt.toISOString(),
    verifiedAt: timeText(domain.verifiedAt),
    checkedAt: timeText(domain.checkedAt),
    failures: domain.failures,
    problem: domain.problem,
  };
}
