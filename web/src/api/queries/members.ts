import { queryOptions } from '@tanstack/react-query';
import type { PagedSource } from '../../ui/use-pages.ts';
import { pageRows } from '../../ui/use-pages.ts';
import { api, body, type Member, type StoreWhy, type Why } from '../client.ts';
import { readLines } from '../read-lines.ts';

export interface MembersAsked {
  readonly store?: string | undefined;
  readonly status?: Member['status'] | undefined;
  readonly cause?: NonNullable<Member['inactiveCause']> | undefined;
  readonly department?: string | undefined;
  /** Words of a name, an address or an employee id. */
  readonly text?: string | undefined;
}

export type MemberSort = 'name' | 'address' | 'updated';

function filtersOf({ store, status, cause, department, text = '' }: MembersAsked) {
  return {
    ...(store !== undefined && { store }),
    ...(status !== undefined && { status }),
    ...(cause !== undefined && { cause }),
    ...(department !== undefined && { department }),
    ...(text !== '' && { text }),
  };
}

/** The members that a search finds, of whom the visible ones are loaded. */
export function membersSource(asked: MembersAsked, sort: MemberSort): PagedSource<Member> {
  const filters = filtersOf(asked);
  return {
    key: ['members', 'search', filters, sort],
    async page(cursor, signal) {
      const page = { limit: pageRows, ...(cursor !== undefined && { cursor }) };
      const { items, total } = await body(
        api.POST('/api/v1/members/search', { body: { ...filters, sort, ...page }, signal }),
      );
      return { items, total: total ?? 0 };
    },
    async marks(signal) {
      const { marks, total } = await body(
        api.POST('/api/v1/members/marks', { body: { ...filters, sort, every: pageRows }, signal }),
      );
      return { cursors: marks, total };
    },
  };
}

/** The first members that a search finds. */
export const foundMembersQuery = (text: string) =>
  queryOptions({
    queryKey: ['members', 'found', text],
    queryFn: ({ signal }) =>
      body(api.POST('/api/v1/members/search', { body: { text, limit: 6 }, signal })),
  });

/** The members that a search finds as a file. */
export async function readMembersFile(asked: MembersAsked): Promise<Blob> {
  const { data } = await api.POST('/api/v1/members.csv', {
    body: filtersOf(asked),
    parseAs: 'blob',
  });
  return data as unknown as Blob;
}

export const addMember = (person: {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}) => body(api.POST('/api/v1/members', { body: person }));

export const memberQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId],
    queryFn: () => body(api.GET('/api/v1/members/{memberId}', { params: { path: { memberId } } })),
  });

export const memberHistoryQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId, 'history'],
    queryFn: () =>
      body(
        api.GET('/api/v1/members/{memberId}/history', {
          params: { path: { memberId }, query: { limit: 50 } },
        }),
      ),
  });

/** Where the fields of a member come from, as its directory says now. */
export const memberWhyQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId, 'why'],
    queryFn: ({ signal }) =>
      body(api.POST('/api/v1/members/why', { body: { member: memberId }, signal })),
    staleTime: 60_000,
  });

/** Sets the status of a member by hand, or lets the sync decide again. */
export function editMember(
  memberId: string,
  edit: 'activate' | 'deactivate' | 'release',
): Promise<Member> {
  const params = { path: { memberId } };
  if (edit === 'activate') {
    return body(api.POST('/api/v1/members/{memberId}/activate', { params }));
  }
  return edit === 'deactivate'
    ? body(api.POST('/api/v1/members/{memberId}/deactivate', { params }))
    : body(api.POST('/api/v1/members/{memberId}/release', { params }));
}

/** Takes back the edit that made this state of a member. */
export const takeBack = ({ id: memberId, revision }: Member): Promise<Member> =>
  body(
    api.POST('/api/v1/members/{memberId}/take-back', {
      params: { path: { memberId } },
      body: { revision },
    }),
  );

/** What erasing the people with an address would erase, in numbers; with `confirm` it is done. */
export const erase = (email: string, confirm: boolean) =>
  body(api.POST('/api/v1/members/erase', { body: { email, confirm } }));

/** A line of the explanation that comes store by store. */
export type WhyLine =
  | {
      readonly is: 'stores';
      readonly stores: readonly { readonly store: string; readonly storeName: string }[];
    }
  | { readonly is: 'member'; readonly why: Why }
  | { readonly is: 'store'; readonly store: string; readonly why: StoreWhy }
  | { readonly is: 'failed'; readonly store: string }
  | { readonly is: 'end' };

/** Explains an address store by store, as the stores answer. */
export async function explainByStore(
  email: string,
  signal: AbortSignal,
  onLine: (line: WhyLine) => void,
): Promise<void> {
  const { response } = await api.POST('/api/v1/members/why/stores', {
    body: { email },
    parseAs: 'stream',
    signal,
  });
  for await (const line of readLines(response)) onLine(JSON.parse(line) as WhyLine);
}

/** What erasing the people with an address would erase. */
export const erasureQuery = (email: string) =>
  queryOptions({
    queryKey: ['erasure', email],
    queryFn: () => erase(email, false),
    gcTime: 0,
  });
