import { describeAlert as describeWith } from '../../../../src/core/alerts/describe-alert.ts';
import type { AlertFacts } from '../../../../src/core/alerts/judge-alert.ts';
import { type Alert, alertKinds } from '../../../../src/core/model/alert.ts';
import { noCounts } from '../../../../src/core/model/run.ts';
import { anAlert, aRun, aStore } from '../../../builders/models.ts';

const run = aRun({
  status: 'failed',
  error: { code: 'source-failed', message: 'the source answered 500.' },
});
const facts: AlertFacts = {
  run,
  store: aStore(),
  staleSince: new Date('2026-01-01T02:00:00Z'),
  token: null,
  domain: null,
};

const describeAlert = (alert: Alert, about: AlertFacts) =>
  describeWith(alert, about, 'https://rollcall.test/');

describe('describeAlert', () => {
  it.each([
    [
      { incompleteRuns: 3, users: 0, newUsers: 0 },
      'its listing was incomplete in 3 runs in a row.',
    ],
    [{ incompleteRuns: 1, users: 1, newUsers: 1 }, '1 user is undecided for three runs or more.'],
    [
      { incompleteRuns: 4, users: 2, newUsers: 0 },
      'incomplete in 4 runs in a row, and 2 users are undecided',
    ],
  ])('says what the directory left open: %j', (undecided, words) => {
    const { message } = describeAlert(anAlert({ kind: 'undecided' }), {
      ...facts,
      run: aRun({ undecided }),
    });
    expect(message).toContain(words);
  });

  it('says what happened where, and what to do', () => {
    expect(describeAlert(anAlert(), facts)).toEqual({
      id: 'run-failed_run1',
      kind: 'run-failed',
      at: '2026-01-01T00:00:00.000Z',
      store: { id: 'store1', name: 'acme' },
      run: {
        id: 'run1',
        status: 'failed',
        counts: noCounts,
        error: { code: 'source-failed', message: 'the source answered 500.' },
        warnings: [],
      },
      token: null,
      domain: null,
      message: 'Failed: the sync of acme. the source answered 500.',
      hint: 'See more with: rollcall runs show run1',
      url: 'https://rollcall.test/runs/run1',
    });
  });

  it('counts held records, and gives the commands that decide', () => {
    const held = (count: number) => {
      const counts = { ...noCounts, held: count };
      const given = { ...facts, run: aRun({ status: 'held', counts }) };
      return describeAlert(anAlert({ kind: 'run-held' }), given);
    };
    expect(held(1200).message).toBe(
      '1,200 changes wait for a person: a safeguard held them in the sync of acme.',
    );
    expect(held(1)).toMatchObject({
      message: '1 change waits for a person: a safeguard held it in the sync of acme.',
      hint: expect.stringMatching(/runs show run1 --records\..*approve run1.*reject run1$/),
    });
  });

  it('gives the command that takes a new key, for any name of a store', () => {
    const store = aStore({ name: "o'brien & sons" });
    expect(
      describeAlert(anAlert({ kind: 'needs-reauthorization' }), { ...facts, store }),
    ).toMatchObject({
      message: expect.stringContaining("The directory of o'brien & sons refuses the credential"),
      hint: expect.stringContaining(
        "rollcall store reauthorize 'o'\\''brien & sons' --api-key-stdin. If",
      ),
    });
  });

  it('says since when nothing was synced', () => {
    const stale = describeAlert(anAlert({ kind: 'stale' }), { ...facts, run: null });
    expect(stale).toMatchObject({
      run: null,
      message:
        'acme has not been synced since 2026-01-01T02:00:00.000Z, though its schedule is on.',
      hint: expect.stringContaining('rollcall runs list --store acme'),
    });
  });

  it('names an edit by hand of a member of no store', () => {
    const edit = aRun({ ...run, mode: 'single', storeId: null });
    const told = describeAlert(anAlert(), { ...facts, run: edit, store: null });
    expect(told).toMatchObject({
      store: null,
      message: expect.stringMatching(/^Failed: the edit by hand\./),
    });
  });

  it.each(alertKinds)('always has texts for people (%s)', (kind) => {
    const told = describeAlert(anAlert({ kind }), {
      run: null,
      store: null,
      staleSince: null,
      token: null,
      domain: null,
    });
    expect(told.message).not.toMatch(/null|undefined/);
    expect(told.hint).toContain('rollcall ');
  });
});
