import type { Ports } from '../../../src/ports/index.ts';
import type { StandingClock } from '../../fakes/standing-clock.ts';

/** Ports under test, and the clock that they go by. */
export type Opened<Name extends keyof Ports> = Pick<Ports, Name> & {
  readonly clock: StandingClock;
};

/** Opens ports that hold nothing, with a clock that stands at `startedAt`. */
export type OpenPorts<Name extends keyof Ports> = () => Promise<Opened<Name>>;
