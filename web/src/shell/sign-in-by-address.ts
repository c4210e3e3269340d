import { api } from '../api/client.ts';
import { forgetKept } from './reload.ts';

/**
 * Signs in with the token of an address such as `/#token=…`, which the demo prints. What stands after `#` reaches no
 * server; the address forgets it at once. A token that is refused leaves the form to sign in.
 */
export async function signInByAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  forgetKept();
  history.replaceState(null, '', location.pathname + location.search);
  await api.POST('/api/v1/session', { body: { token } }).catch(() => undefined);
}
