import { useQuery } from '@tanstack/react-query';
import type { Token } from '../api/client.ts';
import { sessionQuery } from '../api/queries/session.ts';

const ranks: Readonly<Record<Token['role'], number>> = { viewer: 0, admin: 1, owner: 2 };

/** Whether the session may do what needs a role; the API decides again. */
export function useMay(role: Token['role']): boolean {
  const { data } = useQuery(sessionQuery);
  return data !== undefined && ranks[data.role] >= ranks[role];
}
