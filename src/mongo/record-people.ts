import type { Model } from 'mongoose';
import { moveLists } from '../core/model/record.ts';
import type { PeoplePage, RecordPeople } from '../ports/record-people.ts';
import type { PeoplePageDocument } from './models/record-people.model.ts';
import { writeBatch } from './write-batch.ts';

/** The people of group records in MongoDB, a page of ids a document. */
export function createRecordPeople(model: Model<PeoplePageDocument>): RecordPeople {
  return {
    async putPages(pages) {
      await writeBatch(
        model,
        pages.map((page) => {
          const _id = keyOf(page);
          return { replaceOne: { filter: { _id }, replacement: { _id, ...page }, upsert: true } };
        }),
      );
    },
    async *pages(recordId, list) {
      for (let page = 0; ; page += 1) {
        const found = await model
          .findById(keyOf({ recordId, list, page }))
          .lean<PeoplePageDocument>();
        if (found === null) return;
        yield found.ids;
      }
    },
    async firstPages(recordIds) {
      const keys = recordIds.flatMap((recordId) =>
        moveLists.map((list) => keyOf({ recordId, list, page: 0 })),
      );
      const found = await model.find({ _id: { $in: keys } }).lean<PeoplePageDocument[]>();
      return found.map(({ _id: _key, ...page }) => page);
    },
    async removeMany(recordIds) {
      await model.deleteMany({ recordId: { $in: [...recordIds] } });
    },
    async removeAll(runId) {
      await model.deleteMany({ runId });
    },
  };
}

function keyOf({ recordId, list, page }: Pick<PeoplePage, 'recordId' | 'list' | 'page'>): string {
  return `${recordId}.${list}.${String(page).padStart(6, '0')}`;
}
