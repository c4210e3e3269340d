import { emailKeyOf } from '../../core/email.ts';
import type { FieldName } from '../../core/model/fields.ts';
import type { Member } from '../../core/model/member.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import { type AbsentExplanation, explainAbsent } from '../../why/explain-absent.ts';
import { explainMember, type MemberExplanation } from '../../why/explain-member.ts';
import { type ExplainPorts, explainPerson } from '../../why/explain-person.ts';
import { type StoreView, viewStore } from '../stores/view-store.ts';
import { type MemberView, viewMember } from './view-members.ts';

/** What is asked about one person; `asked` is null for everything. */
export interface WhyQuestion {
  readonly email: string;
  /** The person, where it is a member that was named by its id. */
  readonly member?: Member;
  readonly asked: FieldName | 'status' | null;
  readonly store: DirectoryStore | null;
}

/** An explained member with the names of its ids, and its store's next run. */
export interface MemberWhy extends Pick<WhyQuestion, 'email' | 'asked'> {
  readonly kind: 'member';
  readonly explained: MemberExplanation;
  readonly view: MemberView;
  readonly storeView: StoreView | null;
}

/** Why an address has no member in one store, and that store's next run. */
export interface StoreWhy {
  readonly explained: AbsentExplanation;
  readonly storeView: StoreView;
}

/** Why an address has no member, store by store. */
export interface AbsentWhy extends Pick<WhyQuestion, 'email'> {
  readonly kind: 'absent';
  readonly stores: readonly StoreWhy[];
}

type WhyPorts = ExplainPorts & Pick<Ports, 'stores' | 'members' | 'runs' | 'scimTokens' | 'clock'>;

/** Explains one person, with what an answer also names: stores, the manager, the next run. */
export async function explainWhy(
  ports: WhyPorts,
  { email, member, asked, store }: WhyQuestion,
): Promise<MemberWhy | AbsentWhy> {
  const field = asked ?? 'status';
  const explained =
    member === undefined
      ? await explainPerson(ports, { email, store, field })
      : await explainMember(ports, member, field);
  if (explained.kind === 'absent') {
    const stores = explained.stores.map(async (each) => ({
      explained: each,
      storeView: await viewStore(ports, each.store),
    }));
    return { kind: 'absent', email, stores: await Promise.all(stores) };
  }
  const view = await viewMember(ports, explained.member);
  const storeView = explained.store === null ? null : await viewStore(ports, explained.store);
  return { kind: 'member', email, asked, explained, view, storeView };
}

/** How long one store may take, besides the first question to its directory. */
const storeAnswerMs = 20_000;

/** One store's part of an explanation; a store that failed otherwise says so and stops no other. */
export type StorePart =
  | { readonly store: DirectoryStore; readonly why: StoreWhy }
  | { readonly store: DirectoryStore; readonly failed: unknown };

/** Explains store by store why an address is no member of it: the quickest first, each within a time limit. */
export async function* explainByStore(
  ports: WhyPorts,
  { email, stores }: { readonly email: string; readonly stores: readonly DirectoryStore[] },
): AsyncGenerator<StorePart> {
  const owner = await ports.members.byEmailKey(emailKeyOf(email));
  const explain = async (store: DirectoryStore): Promise<StorePart> => {
    try {
      const question = { store, email, owner, answerMs: storeAnswerMs };
      const [explained, storeView] = await Promise.all([
        explainAbsent(ports, question),
        viewStore(ports, store),
      ]);
      return { store, why: { explained, storeView } };
    } catch (failed) {
      return { store, failed };
    }
  };
  const waiting = new Map(stores.map((store) => [store.id, explain(store)]));
  while (waiting.size > 0) {
    const part = await Promise.race(waiting.values());
    waiting.delete(part.store.id);
    yield part;
  }
}
