import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client.ts';
import { sessionQuery } from './api/queries/session.ts';
import { retries } from './api/retries.ts';
import { router } from './router.tsx';
import { signInByAddress } from './shell/sign-in-by-address.ts';
import { Toasts } from './ui/toast.tsx';
import './tokens.css';
import './app.css';

/** A session that is over is noticed on whatever screen, and the guard asks to sign in again. */
function askForSession(error: Error): void {
  const isSignedIn = queries.getQueryData(sessionQuery.queryKey) !== undefined;
  if (isSignedIn && error instanceof ApiProblem && error.problem.status === 401) {
    void queries.invalidateQueries(sessionQuery);
  }
}

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== sessionQuery.queryKey[0]) askForSession(error);
    },
  }),
  mutationCache: new MutationCache({ onError: askForSession }),
  defaultOptions: {
    // Rollcall may be on a network that the browser takes for none: its own answer, or none, decides.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      ...retries,
    },
  },
});

await signInByAddress();

const host = document.getElementById('root');
if (host === null) throw new Error('The page has no root.');
createRoot(host).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <Tooltip.Provider delay={250}>
          <Toasts>
            <RouterProvider router={router} />
          </Toasts>
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
