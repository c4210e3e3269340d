import type { QueryFilter } from 'mongoose';
import { inactiveCauses } from '../core/model/member.ts';
import type { RecordAction, RecordChoice } from '../core/model/record.ts';
import { wordsAsked } from '../core/search-words.ts';
import type { RecordDocument } from './models/record.model.ts';

type Filter = QueryFilter<RecordDocument>;

const noCause = { cause: { $exists: false } };

/** The records that a choice means, among those of a run. */
export function matchChoice(choice: RecordChoice | null): Filter {
  const { reasons, risk, field, department, location, text } = choice ?? {};
  const all: Filter[] = [
    ...(reasons === undefined ? [] : [ofReasons(reasons)]),
    ...(risk === undefined ? [] : [{ risks: new RegExp(`^${risk}:`) }]),
    ...(field === undefined ? [] : [{ changes: { $elemMatch: { field } } }]),
    ...(department === undefined ? [] : [{ department: department ?? { $exists: false } }]),
    ...(location === undefined ? [] : [{ location: location ?? { $exists: false } }]),
    ...wordsAsked(text ?? '').map((word) => ({ words: new RegExp(`^${escaped(word)}`) })),
  ];
  return all.length === 0 ? {} : { $and: all };
}

/** By source id; by member id for members without one. */
export function ofPeople(people: readonly string[] | null): Filter {
  if (people === null) return {};
  return { $or: [{ externalId: { $in: [...people] } }, { memberId: { $in: [...people] } }] };
}

/** As `reasonCodeOf` says it of a record. */
function ofReasons(reasons: NonNullable<RecordChoice['reasons']>): Filter {
  const causes = inactiveCauses.filter((cause) => reasons.includes(cause));
  const actions = reasons.filter(
    (reason): reason is RecordAction => !causes.some((cause) => cause === reason),
  );
  return { $or: [{ cause: { $in: causes } }, { ...noCause, action: { $in: actions } }] };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
