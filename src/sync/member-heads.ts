import type { MemberHead, MemberStore } from './ports.ts';

const pageSize = 1000;

/** The heads of a store's members, given out in the order of their source ids as a listing comes by. */
export interface HeadReader {
  /** Those not given yet up to this source id, itself included; all that are left for null. Some at a time. */
  upTo(id: string | null): AsyncGenerator<readonly MemberHead[]>;
}

/** Reads heads a page ahead of where they are given out, so that a listing seldom waits for them. */
export function readHeads(members: Pick<MemberStore, 'headsAfter'>, storeId: string): HeadReader {
  const read = (after: string | null): Promise<readonly MemberHead[]> => {
    const asked = members.headsAfter({ storeId, after, limit: pageSize });
    // It may fail before anybody waits for it; whoever does gets the failure.
    asked.catch(() => undefined);
    return asked;
  };
  let page: readonly MemberHead[] = [];
  let given = 0;
  let next: Promise<readonly MemberHead[]> | null = read(null);

  async function turnPage(): Promise<boolean> {
    if (next === null) return false;
    page = await next;
    given = 0;
    const last = page.at(-1);
    next = page.length < pageSize || last === undefined ? null : read(last.externalId);
    return page.length > 0;
  }

  return {
    async *upTo(id) {
      while (given < page.length || (await turnPage())) {
        const beyond = page.findIndex(
          ({ externalId }, at) => at >= given && id !== null && externalId > id,
        );
        const end = beyond === -1 ? page.length : beyond;
        const heads = page.slice(given, end);
        given = end;
        if (heads.length > 0) yield heads;
        if (beyond !== -1) return;
      }
    },
  };
}
