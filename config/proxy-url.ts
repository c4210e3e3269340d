import { isPercentEncoded } from './connection-strings.ts';
import type { Refinement } from './keys.ts';

/**
 * The address of a proxy: http without a scheme, as other programs read it. Adds an issue that doesn't repeat the text,
 * which can hold a password.
 */
export function parseProxyUrl(text: string, ctx: Refinement): string | null {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) && !/\s/.test(address) ? new URL(address) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.port === '0') {
    ctx.addIssue('is no http or https URL of a proxy');
    return null;
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    ctx.addIssue('has more than scheme, name, password, host and port');
    return null;
  }
  if (![url.username, url.password].every(isPercentEncoded)) {
    ctx.addIssue('has a name or a password that is not percent-encoded');
    return null;
  }
  return url.href;
}
