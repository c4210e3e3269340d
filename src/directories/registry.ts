/* Every directory that Rollcall can read, one line each. All other code finds them here. */
export { jumpcloud } from './jumpcloud/index.ts';
