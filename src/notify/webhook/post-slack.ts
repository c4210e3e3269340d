import type { SendAlert } from '../../ports/alerts.ts';
import { type PostOptions, postJson } from './post.ts';

/** Posts alerts to an incoming webhook of Slack. */
export function createSlack(options: PostOptions): SendAlert {
  return ({ text: { message, hint, url } }, signal) => {
    const text = [message, hint, url].map(escapeForSlack).join('\n');
    const plain = { mrkdwn: false, link_names: false, parse: 'none', unfurl_links: false };
    return postJson(options, { body: JSON.stringify({ text, ...plain }), headers: {} }, signal);
  };
}

/** The three characters that Slack reads as markup: `<!channel>` and `<@U1>` would notify people. */
export function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
