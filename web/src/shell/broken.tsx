import { Button } from '../ui/button.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { MissingFile, reload } from './reload.ts';

/** What stands in place of a screen that failed. */
export function Broken({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  if (error instanceof MissingFile) {
    return (
      <div className="page">
        <h1>This screen could not be loaded</h1>
        <Empty>
          <p>
            Rollcall was upgraded while this page was open, or can’t be reached. What you have typed
            stays when you reload.
          </p>
          <Button look="primary" onClick={reload}>
            Reload
          </Button>
        </Empty>
      </div>
    );
  }
  return (
    <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
  );
}
