import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Empty } from '../../ui/notice.tsx';
import { roleWords } from '../../words.ts';
import { People } from './people.tsx';
import { Tokens } from './tokens.tsx';

/** Who gets in: access tokens, and people who sign in as themselves. */
export function AccessPage() {
  useTitle('Access');
  const may = useMay('owner');
  return (
    <div className="page">
      <h1>Access</h1>
      {may ? (
        <>
          <Tokens />
          <People />
        </>
      ) : (
        <Empty>
          <p>To manage access takes {roleWords.owner}.</p>
        </Empty>
      )}
    </div>
  );
}
