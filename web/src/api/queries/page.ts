const pageSize = 100;

/** The part of a question that asks for one page of a list. */
export const pageOf = (cursor: string | undefined) => ({
  limit: pageSize,
  ...(cursor !== undefined && { cursor }),
});

/** Days, as `2026-11-30`; both are included. */
export interface Days {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The part of a question that asks for what happened on these days, as days are here. */
export const betweenDays = ({ from, to }: Days) => ({
  ...(from !== undefined && { from: startOf(from, 0) }),
  ...(to !== undefined && { to: startOf(to, 1) }),
});

/** When a day begins here, or one that many days later. */
function startOf(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
