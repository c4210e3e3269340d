import { emailKeyOf } from '../core/email.ts';
import type { FieldName } from '../core/model/fields.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { MemberStore } from '../ports/members.ts';
import { type AbsentExplanation, explainAbsent } from './explain-absent.ts';
import { explainMember, type MemberExplanation, type MemberPorts } from './explain-member.ts';

/** The ports that explaining uses: none of them writes. */
export interface ExplainPorts extends Omit<MemberPorts, 'members'> {
  readonly members: Pick<MemberStore, 'byEmailKey' | 'bySourceIds' | 'keptFrom' | 'headsInIdRange'>;
}

export type PersonExplanation =
  | MemberExplanation
  | {
      readonly kind: 'absent';
      /** The stores that were asked; those that know the person come first. */
      readonly stores: readonly AbsentExplanation[];
    };

/**
 * Explains why a person is a member in its present state, or why the person is no member of any store, or of `store`
 * alone. Writes nothing, whatever the directory answers.
 */
export async function explainPerson(
  ports: ExplainPorts,
  question: {
    readonly email: string;
    readonly store: DirectoryStore | null;
    readonly field: FieldName | 'status';
  },
): Promise<PersonExplanation> {
  const { email, store, field } = question;
  const owner = await ports.members.byEmailKey(emailKeyOf(email));
  if (owner !== null && (store === null || owner.storeId === store.id)) {
    return explainMember(ports, owner, field);
  }
  const stores = store === null ? await ports.stores.list() : [store];
  const explained = await Promise.all(
    stores.map((each) => explainAbsent(ports, { store: each, email, owner })),
  );
  const rank = ({ source }: AbsentExplanation): number => (source.is === 'found' ? 0 : 1);
  return { kind: 'absent', stores: explained.toSorted((a, b) => rank(a) - rank(b)) };
}
