import type { Ports } from '../../../src/ports/index.ts';
import type { StandingClock } from '../../fakes/standing-clock.ts';

/** Ports under test, and their clock. */
export type Opened<Name extends keyof Ports> = Pick<Ports, Name> & {
  readonly clock: StandingClock;
};

/** Opens empty ports, with a clock that stays at `startedAt`. */
export type OpenPorts<Name extends keyof Ports> = () => Promise<Opened<Name>>;
