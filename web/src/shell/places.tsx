import { Menu } from '@base-ui/react/menu';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  Activity,
  Building2,
  Ellipsis,
  History,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  SlidersHorizontal,
  Users,
} from 'lucide-react';
import { useRef } from 'react';
import type { Token } from '../api/client.ts';
import { attentionQuery } from '../api/queries/overview.ts';
import { roleWords } from '../words.ts';
import css from './places.module.css';
import { useMay } from './use-role.ts';

interface Place {
  readonly to: string;
  readonly label: string;
  /** What the bar of a small screen calls it. */
  readonly short: string;
  readonly icon: LucideIcon;
  readonly role: Token['role'];
}

/** On a small screen the first four are a bar, and the others stand under More. */
const places: readonly Place[] = [
  { to: '/', label: 'Overview', short: 'Overview', icon: LayoutDashboard, role: 'viewer' },
  { to: '/stores', label: 'Directory stores', short: 'Stores', icon: Building2, role: 'viewer' },
  { to: '/members', label: 'Members', short: 'Members', icon: Users, role: 'viewer' },
  { to: '/runs', label: 'Runs', short: 'Runs', icon: History, role: 'viewer' },
  { to: '/audit', label: 'Audit', short: 'Audit', icon: ScrollText, role: 'admin' },
  { to: '/access', label: 'Access', short: 'Access', icon: KeyRound, role: 'owner' },
  { to: '/system', label: 'System', short: 'System', icon: Activity, role: 'admin' },
];
const inBar = 4;
const board = '/ops/queues';

/** The screens of the console, with the number of runs that wait for a decision. */
export function Places() {
  return (
    <nav className={css['side']} aria-label="Main">
      <Link to="/" className={css['brand']}>
        <img src="/mark.svg" alt="" width="26" height="26" />
        Rollcall
      </Link>
      <ul className={css['places']}>
        {places.map((place, at) => (
          <li key={place.to} className={at < inBar ? undefined : css['wideOnly']}>
            <PlaceLink place={place} />
          </li>
        ))}
        <li className={css['smallOnly']}>
          <More />
        </li>
      </ul>
      <a className={`${css['place']} ${css['foot']}`} href={board}>
        <SlidersHorizontal size={18} aria-hidden />
        Queue dashboard
      </a>
    </nav>
  );
}

function PlaceLink({ place: { to, label, short, icon: Icon, role } }: { readonly place: Place }) {
  const may = useMay(role);
  const shown = (
    <>
      <Icon size={18} aria-hidden />
      <span className={css['long']}>{label}</span>
      <span className={css['short']}>{short}</span>
    </>
  );
  if (!may) {
    return (
      <span className={css['place']} aria-disabled="true" title={`Takes ${roleWords[role]}`}>
        {shown}
        <span className="sr">, takes {roleWords[role]}</span>
      </span>
    );
  }
  return (
    <Link to={to} activeOptions={{ exact: to === '/' }} className={css['place']}>
      {shown}
      {to === '/runs' && <Held />}
    </Link>
  );
}

/** How many runs hold changes for a person. */
function Held() {
  const { data } = useQuery(attentionQuery);
  const held = data?.items.filter(({ kind }) => kind === 'run-held').length ?? 0;
  if (held === 0) return null;
  return (
    <span className={css['count']}>
      {held}
      <span className="sr"> held</span>
    </span>
  );
}

/** Its menu stands inside the navigation, as the places of a wide screen do. */
function More() {
  const inside = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root>
      <Menu.Trigger className={css['place']}>
        <Ellipsis size={18} aria-hidden />
        More
      </Menu.Trigger>
      <div ref={inside} />
      <Menu.Portal container={inside}>
        <Menu.Positioner sideOffset={8} align="end">
          <Menu.Popup className="menu">
            {places.slice(inBar).map((place) => (
              <MoreItem key={place.to} place={place} />
            ))}
            <Menu.Item
              className="menu-item plain"
              render={
                <a href={board}>
                  <SlidersHorizontal size={16} aria-hidden />
                  Queue dashboard
                </a>
              }
            />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function MoreItem({ place: { to, label, icon: Icon, role } }: { readonly place: Place }) {
  const may = useMay(role);
  const content = (
    <>
      <Icon size={16} aria-hidden />
      {label}
      {!may && <span className="soft">takes {roleWords[role]}</span>}
    </>
  );
  if (!may)
    return (
      <Menu.Item className="menu-item" disabled>
        {content}
      </Menu.Item>
    );
  return <Menu.Item className="menu-item plain" render={<Link to={to}>{content}</Link>} />;
}
