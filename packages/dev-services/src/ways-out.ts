/** Advice for the user where nothing can be started. */
export const WAYS_OUT = [
  'Do one of these:',
  '  - set MONGODB_URI and REDIS_URL to servers that run;',
  '  - start Docker, or make it reachable for this user;',
  '  - on Debian, run this as root, with its package mirror in reach.',
].join('\n');
