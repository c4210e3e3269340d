import { always, answerInstead, everyNth, faultsOfKind } from './fault.ts';
import { tooManyRequests } from './trouble.ts';

/** Of this many requests a storm refuses the second and those after it. */
const stormEvery = 20;
const stormLength = 3;

/** Faults of a source that gets too many requests. All but the first let a patient client through. */
export const rateLimitFaults = faultsOfKind('fails', {
  'rate-limited': {
    description: 'Every request is answered 429, without Retry-After.',
    wrap: answerInstead(always, () => tooManyRequests()),
  },
  'rate-limited-every': {
    description: 'Every Nth request is answered 429, without Retry-After.',
    amount: { meaning: 'one in how many', otherwise: 3 },
    wrap: everyNth(() => tooManyRequests()),
  },
  'rate-limited-first': {
    description: 'The first requests are answered 429, without Retry-After; then all is well.',
    amount: { meaning: 'how many', otherwise: 5 },
    wrap: (handle, { amount }) => {
      let refused = 0;
      return (request) => {
        if (refused >= amount) return handle(request);
        refused += 1;
        return tooManyRequests();
      };
    },
  },
  'retry-after': {
    description: 'Of twenty requests three in a row are answered 429, with Retry-After.',
    amount: { meaning: 'the seconds in Retry-After', otherwise: 1 },
    wrap: (handle, { amount }) => {
      let asked = 0;
      return (request) => {
        const place = asked % stormEvery;
        asked += 1;
        const isInStorm = place >= 1 && place <= stormLength;
        return isInStorm ? tooManyRequests({ 'retry-after': String(amount) }) : handle(request);
      };
    },
  },
});
