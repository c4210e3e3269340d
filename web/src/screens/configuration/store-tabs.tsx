import { Link } from '@tanstack/react-router';
import css from './store-tabs.module.css';

/** The parts of a configuration that have a tab of their own. */
export const sections = {
  mapping: 'Mapping',
  settings: 'Status sync',
  criteria: 'Criteria',
  schedule: 'Schedule',
  safeguards: 'Safeguards',
  file: 'File',
} as const;
export type Section = keyof typeof sections;
const names = Object.entries(sections) as [Section, string][];

/** Leads from one part of a store to another. */
export function StoreTabs({ storeId }: { readonly storeId: string }) {
  return (
    <nav className={css['tabs']} aria-label="Parts of the store">
      <Link
        to="/stores/$storeId"
        params={{ storeId }}
        activeOptions={{ exact: true }}
        className={css['tab']}
      >
        Info
      </Link>
      <Link
        to="/stores/$storeId/groups"
        params={{ storeId }}
        activeOptions={{ exact: false }}
        className={css['tab']}
      >
        Groups
      </Link>
      {names.map(([section, name]) => (
        <Link
          key={section}
          to="/stores/$storeId/$section"
          params={{ storeId, section }}
          className={css['tab']}
        >
          {name}
        </Link>
      ))}
      <Link to="/stores/$storeId/history" params={{ storeId }} className={css['tab']}>
        History
      </Link>
    </nav>
  );
}
