import { describeStorage } from '../../contract/ports/storage.ts';
import { MemoryStorage } from '../../fakes/memory-storage.ts';
import { StandingClock } from '../../fakes/standing-clock.ts';

describeStorage(async () => new MemoryStorage(new StandingClock()));
