/* Every directory Rollcall can read, a line each. All else learns of it from here. */
export { jumpcloud } from './jumpcloud/index.ts';
