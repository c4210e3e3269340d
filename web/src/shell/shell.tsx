import { Menu } from '@base-ui/react/menu';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { ChevronsUpDown, Moon, Sun } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem, api } from '../api/client.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { watchLists } from '../api/watch.ts';
import { Button } from '../ui/button.tsx';
import { Failure, Loading } from '../ui/notice.tsx';
import { Away } from './away.tsx';
import { Find } from './find.tsx';
import { Places } from './places.tsx';
import { SessionGuard } from './session-guard.tsx';
import css from './shell.module.css';
import { SignIn } from './sign-in.tsx';
import { tellTabs } from './tabs.ts';

/** Navigation and account around every screen; without a session the form to sign in. */
export function Shell() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading />;
  const isOver = session.error instanceof ApiProblem && session.error.problem.status === 401;
  if (session.data === undefined && isOver) return <SignIn />;
  // Once it was read, the guard asks for a session that is over: the screen stays.
  if (session.data === undefined) {
    return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  }
  return (
    <div className={css['shell']}>
      <Watch />
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Places />
      <div className={css['body']}>
        <header className={css['top']}>
          <Link to="/" className="brand small" aria-label="Rollcall, overview">
            <img src="/mark.svg" alt="" width="26" height="26" />
          </Link>
          <Find />
          <span className="grow" />
          <ThemeButton />
          <Account name={session.data.name} role={session.data.role} />
        </header>
        <Away />
        <SessionGuard session={session.data} />
        <Main />
      </div>
    </div>
  );
}

/** Keeps what is shown as it is: one stream for all tabs of the browser. */
function Watch() {
  const queries = useQueryClient();
  useEffect(() => watchLists(queries), [queries]);
  return null;
}

/** After a navigation the focus goes to the new screen, as with a page that was loaded. */
function Main() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const lastPath = useRef(path);
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    main.current?.focus();
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Outlet />
    </main>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(
    () =>
      document.documentElement.dataset['theme'] ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  );
  const other = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset['theme'] = other;
    localStorage.setItem('theme', other);
    setTheme(other);
  };
  return (
    <Button look="quiet" icon aria-label={`Use the ${other} theme`} onClick={change}>
      {theme === 'dark' ? <Sun size={17} aria-hidden /> : <Moon size={17} aria-hidden />}
    </Button>
  );
}

function Account({ name, role }: { readonly name: string; readonly role: string }) {
  const queries = useQueryClient();
  const signOut = async () => {
    await api.DELETE('/api/v1/session');
    queries.clear();
    tellTabs('signed-out');
    // A new page: nothing that was read stays in memory.
    location.replace('/sign-in');
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={css['account']}>
        <span className="sr">Account of </span>
        <span className="avatar" aria-hidden>
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span className={css['who']}>
          {name}
          <span className={css['role']}>{role}</span>
        </span>
        <ChevronsUpDown size={14} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end">
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={() => void signOut()}>
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
