import { ApiProblem } from '../api/client.ts';
import { Button } from './button.tsx';

/** Why something could not be read or done: what happened, what would help, and the request to name to support. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry?: () => void;
}) {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return (
    <div role="alert" className="problem">
      <p>
        <strong>{error.message}</strong>
      </p>
      {problem?.hint !== undefined && <p>{problem.hint}</p>}
      {problem?.requestId !== undefined && <p className="mono">Request {problem.requestId}</p>}
      {onRetry !== undefined && (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** What would be here, and the next step. */
export function Empty({ children }: { readonly children: React.ReactNode }) {
  return <div className="empty">{children}</div>;
}

/** Stands where a page is being read; it appears only when that takes a while. */
export function Loading() {
  return (
    <div className="page loading" aria-busy="true">
      <p className="sr">Loading</p>
      <div className="skeleton title" />
      <div className="skeleton" />
    </div>
  );
}
