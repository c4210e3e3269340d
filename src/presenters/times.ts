import { z } from 'zod';

/** A moment as scripts read it: RFC 3339 in UTC. */
export const time = z.string().meta({ format: 'date-time' });

/** A moment in text; null stays null. */
export const timeText = (at: Date | null): string | null => at?.toISOString() ?? null;
