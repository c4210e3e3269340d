import type { Model } from 'mongoose';
import { domainTaken, newDomain } from '../core/mail/new-domain.ts';
import type { Clock } from '../ports/clock.ts';
import type { DomainStore } from '../ports/domains.ts';
import {
  type MailDomainDocument,
  toMailDomain,
  toMailDomainDocument,
} from './models/mail-domain.model.ts';
import { isDuplicateKey } from './write-batch.ts';

/** The domains in MongoDB. */
export function createDomainStore(model: Model<MailDomainDocument>, clock: Clock): DomainStore {
  return {
    async add(asked) {
      const domain = newDomain(asked, clock.now());
      try {
        await model.create(toMailDomainDocument(domain));
      } catch (cause) {
        if (!isDuplicateKey(cause)) throw cause;
        throw domainTaken(asked.id, cause);
      }
      return domain;
    },
    async get(id) {
      const document = await model.findById(id).lean<MailDomainDocument>();
      return document === null ? null : toMailDomain(document);
    },
    async list() {
      const documents = await model.find().sort({ _id: 1 }).lean<MailDomainDocument[]>();
      return documents.map(toMailDomain);
    },
    async save({ id, token, revision, ...rest }) {
      const next = toMailDomainDocument({ id, token, revision: revision + 1, ...rest });
      const { matchedCount } = await model.replaceOne({ _id: id, token, revision }, next);
      return matchedCount === 1;
    },
    async remove(id) {
      return (await model.deleteOne({ _id: id })).deletedCount === 1;
    },
  };
}
