import type { AbsentWhy, StoreWhy } from '../../manage/members/explain-why.ts';
import { formatPairs } from '../terminal/table.ts';
import { criteriaSections, dueText, recordText, type Section, sourceText } from './why-view.ts';

/** The text that explains, store by store, why an address has no member. */
export function absentSections({ email, stores }: AbsentWhy, now: Date): readonly Section[] {
  const [only, ...others] = stores;
  const whose = only !== undefined && others.length === 0 ? ` of ${only.explained.store.name}` : '';
  const head = `${email} is not a member${whose}.`;
  if (only === undefined) {
    return [
      {
        lines: [
          head,
          'There is no directory store yet. Add one with: rollcall store add NAME --directory jumpcloud --api-key-stdin',
        ],
      },
    ];
  }
  return [{ lines: [head] }, ...stores.flatMap((why) => storeSections(why, whose === '', now))];
}

function storeSections(
  { explained, storeView }: StoreWhy,
  isNamed: boolean,
  now: Date,
): readonly Section[] {
  const { store, source, reason, latest, criteria } = explained;
  return [
    {
      lines: [
        ...(isNamed ? ['', `${store.name}:`] : []),
        reason.message,
        '',
        ...formatPairs([
          ['source now', sourceText(source)],
          ['last record', latest === null ? null : recordText(latest, now)],
          ['next run', dueText(storeView, now)],
        ]),
      ],
    },
    ...criteriaSections(criteria),
  ];
}
