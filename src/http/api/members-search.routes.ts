import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { memberSorts } from '../../core/member-search.ts';
import { inactiveCauses } from '../../core/model/member.ts';
import { storeNames } from '../../manage/find.ts';
import { viewMembers } from '../../manage/members/view-members.ts';
import type { Ports } from '../../ports/index.ts';
import type { MemberListFilter } from '../../ports/members.ts';
import { memberJson, memberSchema } from '../../presenters/member.ts';
import { memberFilters } from './members.routes.ts';
import { type ApiServer, apiPrefix, listOf, readCursor, writeCursor } from './shared.ts';

const url = `${apiPrefix}/members`;

/** The filters of a search, as a body has them: no typed name or address stands in an address. */
export const searchFilters = {
  ...memberFilters,
  text: z.string().max(256).optional().meta({
    description:
      'Words of which each begins a word of the name, the address or the employee id, without case and accents.',
  }),
  department: z.string().min(1).max(1024).optional().meta({ description: 'Exactly this one.' }),
  cause: z.enum(inactiveCauses).optional().meta({ description: 'Why the sync wants it inactive.' }),
};

const searchBody = z.strictObject(searchFilters).extend({
  sort: z
    .enum(memberSorts)
    .default('name')
    .meta({ description: 'updated: the latest change first.' }),
});

type Filters = z.output<z.ZodObject<typeof searchFilters>>;

/** The filter of a body as the store of members takes it. */
export function filterOf({ store, status, text, department, cause }: Filters): MemberListFilter {
  return defined({ storeId: store, status, search: text, department, inactiveCause: cause });
}

/** Totals are counted up to here. */
const mostCounted = 10_000;
const mostMarks = 10_000;

/** Sorted lists of members that a body filters, and where their pages begin. */
export function addMemberSearchRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/search`,
    schema: {
      operationId: 'searchMembers',
      summary: 'Find members by words, store, status, department and cause; sorted, page by page',
      body: searchBody.extend({
        limit: z.int().min(1).max(200).default(100),
        cursor: z.string().max(4096).optional().meta({
          description: '`next` of the page before, or a mark of the same list.',
        }),
      }),
      response: {
        200: listOf(memberSchema).extend({
          total: z
            .int()
            .nullable()
            .meta({ description: `With the first page: how many match, ${mostCounted} at most.` }),
          totalIsExact: z.boolean().nullable(),
        }),
      },
    },
    async handler({ body: { sort, limit, cursor, ...filters } }) {
      const filter = filterOf(filters);
      const place = readPlace(sort, cursor);
      const [{ members, next }, counted, names] = await Promise.all([
        ports.members.search({ ...filter, ...place, sort, limit }),
        cursor === undefined ? ports.members.count(filter, mostCounted + 1) : null,
        storeNames(ports),
      ]);
      const items: z.output<typeof memberSchema>[] = [];
      for await (const view of viewMembers(ports.members, names, members)) {
        items.push(memberJson(view));
      }
      const onward = nextPlace(place, next);
      return {
        items,
        next: onward === null ? null : writePlace(sort, onward),
        total: counted === null ? null : Math.min(counted, mostCounted),
        totalIsExact: counted === null ? null : counted <= mostCounted,
      };
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/marks`,
    schema: {
      operationId: 'markMembers',
      summary: 'Cursors at even distances in a search, for a scroll bar',
      body: searchBody.extend({ every: z.int().min(100).max(1000).default(500) }),
      response: {
        200: z.object({
          every: z.int(),
          total: z.int().meta({ description: 'How many match, exactly.' }),
          marks: z.array(z.string()).meta({
            description: `The cursor after each so many rows; ${mostMarks} at most.`,
          }),
        }),
      },
    },
    async handler({ body: { sort, every, ...filters } }) {
      const filter = filterOf(filters);
      const [keys, total] = await Promise.all([
        ports.members.marks({ ...filter, sort, every, limit: mostMarks }),
        ports.members.count(filter),
      ]);
      const marks = keys.map((after, at) =>
        writePlace(sort, defined({ after, upTo: keys[at + 1] })),
      );
      return { every, total, marks };
    },
  });
}

/** A part of a list: the key that it begins after, and the one that it ends with. No key has a line break. */
interface Place {
  readonly after?: string;
  readonly upTo?: string;
}

/** A cursor that ends at the next mark costs the rows between the two alone, wherever they are. */
function writePlace(sort: string, { after = '', upTo }: Place): string {
  return writeCursor(`members by ${sort}`, upTo === undefined ? after : `${after}\n${upTo}`);
}

function readPlace(sort: string, cursor: string | undefined): Place {
  const [after, upTo] = readCursor(`members by ${sort}`, cursor)?.split('\n') ?? [];
  return defined({ after, upTo });
}

/** Where the list goes on after a part of it; null at its end. */
function nextPlace({ upTo }: Place, next: string | null): Place | null {
  if (next !== null) return defined({ after: next, upTo });
  return upTo === undefined ? null : { after: upTo };
}
