import TestSequencer from '@jest/test-sequencer';

/** The projects, those whose files take longest first. */
const order = ['e2e', 'browser', 'cluster', 'integration', 'contract', 'unit'];
const rank = ({ context }) => order.indexOf(context.config.displayName.name);

/**
 * Without the times of an earlier run, as in CI, jest begins with the largest files. The longest tests are in small
 * files, and the last of them would run alone, on one of two cores.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
