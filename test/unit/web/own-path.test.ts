import { ownPath } from '../../../web/src/shell/own-path.ts';

describe('the page after signing in', () => {
  it.each(['/', '/runs?status=held', '/why#ada', '/ops/queues'])('may be %s', (path) => {
    expect(ownPath(path, 'https://rollcall.test')).toBe(path);
  });

  it.each(['//x', '/\\x', '/\t/x', '/..//x', 'https://evil.test', 'javascript:1', '', 'runs'])(
    'is never %j',
    (text) => {
      expect(ownPath(text, 'https://rollcall.test')).toBeNull();
    },
  );
});
