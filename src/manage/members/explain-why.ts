import type { FieldName } from '../../core/model/fields.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import type { AbsentExplanation } from '../../why/explain-absent.ts';
import type { MemberExplanation } from '../../why/explain-member.ts';
import { type ExplainPorts, explainPerson } from '../../why/explain-person.ts';
import { type StoreView, viewStore } from '../stores/view-store.ts';
import { type MemberView, viewMember } from './view-members.ts';

/** What is asked about one person; `asked` is null for everything. */
export interface WhyQuestion {
  readonly email: string;
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

/** Explains one person, with what an answer also names: stores, the manager, the next run. */
export async function explainWhy(
  ports: ExplainPorts & Pick<Ports, 'stores' | 'members' | 'runs' | 'scimTokens' | 'clock'>,
  { email, asked, store }: WhyQuestion,
): Promise<MemberWhy | AbsentWhy> {
  const explained = await explainPerson(ports, { email, store, field: asked ?? 'status' });
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
