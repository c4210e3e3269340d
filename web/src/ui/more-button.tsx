import { Button } from './button.tsx';

interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** Reads the next page of a list, if there is one. */
export function MoreButton({ query }: { readonly query: Pages }) {
  if (!query.hasNextPage) return null;
  return (
    <p className="foot-note">
      <Button small disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more
      </Button>
    </p>
  );
}
