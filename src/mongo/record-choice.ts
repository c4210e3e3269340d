import type { QueryFilter } from 'mongoose';
import { inactiveCauses } from '../core/model/member.ts';
import {
  groupPrefix,
  type RecordAction,
  type RecordChoice,
  type RecordKind,
} from '../core/model/record.ts';
import { wordsAsked } from '../core/search-words.ts';
import type { RecordDocument } from './models/record.model.ts';

type Filter = QueryFilter<RecordDocument>;

const noCause = { cause: { $exists: false } };

/** The records that a choice means, among those of a run. */
export function matchChoice(choice: RecordChoice | null): Filter {
  const { kind, reasons, risk, field, department, location, text } = choice ?? {};
  const all: Filter[] = [
    ...(kind === undefined ? [] : [ofKind(kind)]),
    ...(reasons === undefined ? [] : [ofReasons(reasons)]),
    ...(risk === undefined ? [] : [{ risks: new RegExp(`^${risk}:`) }]),
    ...(field === undefined ? [] : [{ changes: { $elemMatch: { field } } }]),
    ...(department === undefined ? [] : [{ department: department ?? { $exists: false } }]),
    ...(location === undefined ? [] : [{ location: location ?? { $exists: false } }]),
    ...wordsAsked(text ?? '').map((word) => ({ words: new RegExp(`^${escaped(word)}`) })),
  ];
  return all.length === 0 ? {} : { $and: all };
}

/** The records of users, unless those of groups are meant. */
export function ofKind(kind: RecordKind = 'user'): Filter {
  return kind === 'group' ? { kind } : { kind: { $exists: false } };
}

/** By source id; by member id for members without one; `group:ID` for a group. */
export function ofPeople(named: readonly string[] | null): Filter {
  if (named === null) return {};
  const groups = named.filter((name) => name.startsWith(groupPrefix));
  const people = ofKind();
  return {
    $or: [
      { externalId: { $in: [...named] }, ...people },
      { memberId: { $in: [...named] }, ...people },
      {
        externalId: { $in: groups.map((name) => name.slice(groupPrefix.length)) },
        ...ofKind('group'),
      },
    ],
  };
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
