import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useState } from 'react';
import { ago, exactTime } from '../words.ts';

const minuteMs = 60_000;

/** The time now, anew each minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long ago, and on hover or focus exactly when: here, and in UTC. */
export function Time({ at }: { readonly at: string }) {
  const now = useNow();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger className="time">
        <time dateTime={at}>{ago(at, now)}</time>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className="tooltip">
            {exactTime(at)} ({zone})
            <br />
            {exactTime(at, 'UTC')} (UTC)
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
