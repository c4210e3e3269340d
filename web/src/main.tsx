import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client.ts';
import { sessionQuery } from './api/queries/session.ts';
import { router } from './router.tsx';
import { signInByAddress } from './shell/sign-in-by-address.ts';
import './tokens.css';
import './app.css';

const attempts = 2;
const isRefusal = (error: Error): boolean =>
  error instanceof ApiProblem && error.problem.status < 500;

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
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < attempts && !isRefusal(error),
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
          <RouterProvider router={router} />
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
