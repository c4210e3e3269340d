import { useEffect } from 'react';
import { isForAnotherTab, takeTarget } from '../../shell/after-sign-in.ts';
import { tellTabs } from '../../shell/tabs.ts';

/** Where the provider's sign-in ends. It goes on by script: only then does the browser send the new session's cookie. */
export function SignedIn() {
  const isForAnother = isForAnotherTab();
  useEffect(() => {
    tellTabs('signed-in');
    if (isForAnother) window.close();
    else location.replace(takeTarget());
  }, [isForAnother]);
  return (
    <div className="page">
      <h1>You are signed in</h1>
      {isForAnother && <p>Close this tab: the other one goes on.</p>}
    </div>
  );
}
