import type { Group } from '../../src/core/model/group.ts';
import type { MoveList } from '../../src/core/model/record.ts';
import type { GroupStore } from '../../src/ports/groups.ts';
import type { PeoplePage, RecordPeople } from '../../src/ports/record-people.ts';

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The groups of stores in memory. */
export class MemoryGroups implements GroupStore {
  readonly all = new Map<string, Group>();

  async list(storeId?: string) {
    return [...this.all]
      .filter(([, group]) => storeId === undefined || group.storeId === storeId)
      .sort(([a], [b]) => compare(a, b))
      .map(([, group]) => group);
  }
  async get(storeId: string, externalId: string) {
    return this.all.get(`${storeId}.${externalId}`) ?? null;
  }
  async putMany(groups: readonly Group[]) {
    for (const group of groups) this.all.set(`${group.storeId}.${group.externalId}`, group);
  }
  async removeMany(storeId: string, externalIds: readonly string[]) {
    for (const externalId of externalIds) this.all.delete(`${storeId}.${externalId}`);
  }
}

/** The people of group records in memory. */
export class MemoryRecordPeople implements RecordPeople {
  readonly all = new Map<string, PeoplePage>();

  async putPages(pages: readonly PeoplePage[]) {
    for (const page of pages) this.all.set(`${page.recordId}.${page.list}.${page.page}`, page);
  }
  async *pages(recordId: string, list: MoveList) {
    for (let page = 0; ; page += 1) {
      const found = this.all.get(`${recordId}.${list}.${page}`);
      if (found === undefined) return;
      yield found.ids;
    }
  }
  async firstPages(recordIds: readonly string[]) {
    return [...this.all.values()].filter(
      ({ recordId, page }) => page === 0 && recordIds.includes(recordId),
    );
  }
  async removeMany(recordIds: readonly string[]) {
    for (const [key, { recordId }] of this.all)
      if (recordIds.includes(recordId)) this.all.delete(key);
  }
  async removeAll(run: string) {
    for (const [key, { runId }] of this.all) if (runId === run) this.all.delete(key);
  }
}
