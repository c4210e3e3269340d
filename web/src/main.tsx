import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client.ts';
import { sessionQuery } from './api/queries/session.ts';
import { router } from './router.tsx';
import { signInByAddress } from './shell/sign-in-by-address.ts';
import { Toasts } from './ui/toast.tsx';
import './tokens.css';
import './app.css';

const attempts = 2;
const isRefusal = (error: Error): boolean =>
  error instanceof ApiProblem && error.problem.status < 500;

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that is over shows the form to sign in, on whatever screen that is noticed.
    onError: (error, { queryKey }) => {
      const isSession = queryKey[0] === sessionQuery.queryKey[0];
      if (error instanceof ApiProblem && error.problem.status === 401 && !isSession) {
        void queries.resetQueries(sessionQuery);
      }
    },
  }),
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
          <Toasts>
            <RouterProvider router={router} />
          </Toasts>
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
