import type { Configuration } from '../../../web/src/api/client.ts';
import {
  changedSections,
  type Draft,
  type DraftEvent,
  drafted,
  newDraft,
  previewKey,
  reduceDraft,
  wantsPreview,
} from '../../../web/src/draft/draft.ts';

const limit = { percent: 20, floor: 5 };
const base: Configuration = {
  revision: 3,
  mapping: {
    email: { attribute: 'email' },
    country: { attribute: 'addresses[type=work].country' },
    phone: null,
    'custom.shirtSize': { custom: 'shirtSize' },
  },
  settings: {
    notifications: { mail: 'none' },
    statusSync: {
      mode: 'reflect',
      deactivated: 'deactivate',
      deleted: 'deactivate',
      outOfScope: 'deactivate',
      staged: 'skip',
    },
  },
  criteria: { users: 'all' },
  schedule: null,
  safeguards: {
    removals: limit,
    emailChanges: limit,
    blanks: limit,
    absence: { confirmations: 1, over: '0h' },
    window: '24h',
  },
};

const india = { value: 'India' };
const peru = { value: 'Peru' };
const country: DraftEvent = { type: 'edit', path: 'mapping.country', value: india };
const draftAfter = (...events: readonly DraftEvent[]): Draft =>
  events.reduce(reduceDraft, newDraft(base));
/** A later revision, in which a colleague mapped some fields otherwise. */
const stored = (mapping: Configuration['mapping'], revision = 4): DraftEvent => ({
  type: 'stored',
  base: { ...base, revision, mapping: { ...base.mapping, ...mapping } },
});

describe('a draft of a configuration', () => {
  it('replaces the lines that were edited, and sends their sections whole', () => {
    const draft = draftAfter(country, { type: 'edit', path: 'schedule', value: null });
    expect(drafted(draft)).toEqual({ ...base, mapping: { ...base.mapping, country: india } });
    expect(changedSections(draft)).toEqual({ mapping: { ...base.mapping, country: india } });
  });

  it('keeps the dots in the name of a field of one’s own', () => {
    const draft = draftAfter({
      type: 'edit',
      path: 'mapping.custom.team',
      value: { custom: 'team' },
    });
    expect(drafted(draft).mapping['custom.team']).toEqual({ custom: 'team' });
  });

  it('has no edit where the stored value was typed again, in whatever order of keys', () => {
    const again = { floor: 5, percent: 20 };
    const removals = { type: 'edit', path: 'safeguards.removals' } as const;
    const draft = draftAfter(
      { ...removals, value: { ...limit, floor: 6 } },
      { ...removals, value: again },
    );
    expect(draft.edits.size).toBe(0);
  });

  it('takes the whole configuration that a store file has, and unmaps what the file leaves out', () => {
    const { 'custom.shirtSize': _, ...mapping } = base.mapping;
    const draft = draftAfter({ type: 'replace', sections: { ...base, mapping } });
    expect([...draft.edits]).toEqual([['mapping.custom.shirtSize', null]]);
  });

  it('is shown as one to preview only while the lines that touch people are the same', () => {
    const zone = { enabled: true, timezone: 'UTC', frequency: 'daily', time: '02:00' } as const;
    const scheduled: DraftEvent = { type: 'edit', path: 'schedule', value: zone };
    expect(previewKey(draftAfter(country, scheduled))).toBe(previewKey(draftAfter(country)));
    expect(previewKey(draftAfter({ ...country, value: peru }))).not.toBe(
      previewKey(draftAfter(country)),
    );
    expect(previewKey(draftAfter(country, stored({ phone: peru })))).not.toBe(
      previewKey(draftAfter(country)),
    );
    expect(
      ['mapping.phone', 'criteria.users', 'settings.statusSync.mode'].every(wantsPreview),
    ).toBe(true);
    expect(['schedule', 'safeguards.removals'].some(wantsPreview)).toBe(false);
  });
});

describe('a configuration that a colleague changed under a draft', () => {
  it('merges what does not overlap, and tells what was changed', () => {
    const draft = draftAfter(country, stored({ phone: peru }));
    expect(draft.clashes).toEqual([]);
    expect(draft.theirs).toEqual([{ path: 'mapping.phone', from: null, to: peru }]);
    expect(drafted(draft)).toMatchObject({ revision: 4, mapping: { country: india, phone: peru } });
  });

  it('asks about a line that both changed, and keeps what was typed until then', () => {
    const draft = draftAfter(country, stored({ country: peru }));
    const from = base.mapping['country'];
    expect(draft.clashes).toEqual([{ path: 'mapping.country', from, theirs: peru, mine: india }]);
    expect(drafted(draft).mapping['country']).toEqual(india);
  });

  it.each([
    ['mine', india],
    ['theirs', peru],
  ] as const)('takes %s where that was chosen', (side, kept) => {
    const choice: DraftEvent = { type: 'choose', path: 'mapping.country', side };
    const draft = draftAfter(country, stored({ country: peru }), choice);
    expect(draft.clashes).toEqual([]);
    expect(drafted(draft).mapping['country']).toEqual(kept);
  });

  it('has nothing to ask where both made the same change', () => {
    const draft = draftAfter(country, stored({ country: india }));
    expect(draft.edits.size).toBe(0);
    expect(draft.clashes).toEqual([]);
  });

  it('still asks after a third revision that left the line alone', () => {
    const draft = draftAfter(
      country,
      stored({ country: peru }),
      stored({ country: peru, phone: peru }, 5),
    );
    expect(draft.clashes.map(({ path }) => path)).toEqual(['mapping.country']);
    expect(draft.theirs.map(({ path }) => path)).toEqual(['mapping.country', 'mapping.phone']);
  });

  it('takes a line that is written anew for a choice', () => {
    const draft = draftAfter(country, stored({ country: peru }), {
      ...country,
      value: { value: 'Nepal' },
    });
    expect(draft.clashes).toEqual([]);
    expect(drafted(draft).mapping['country']).toEqual({ value: 'Nepal' });
  });

  it('follows in silence when nothing was edited, and takes no older answer', () => {
    const draft = draftAfter(stored({ phone: peru }));
    expect(draft).toEqual(
      newDraft({ ...base, revision: 4, mapping: { ...base.mapping, phone: peru } }),
    );
    expect(reduceDraft(draft, stored({}, 3))).toBe(draft);
  });
});
