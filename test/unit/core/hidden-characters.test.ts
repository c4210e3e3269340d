import { InvalidInput } from '../../../src/core/errors.ts';
import { shapeValue } from '../../../src/core/mapping/shape-value.ts';
import { checkTokenName } from '../../../src/manage/access/tokens.ts';
import { addMember } from '../../../src/manage/members/edit-member.ts';
import { checkStoreName } from '../../../src/manage/stores/store-name.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const hidden = [
  ['a soft hyphen', '\u00ad', 'U+00AD'],
  ['a zero-width space', '\u200b', 'U+200B'],
  ['a zero-width joiner', '\u200d', 'U+200D'],
  ['a right-to-left override', '\u202e', 'U+202E'],
  ['an isolate', '\u2066', 'U+2066'],
  ['a byte order mark', '\ufeff', 'U+FEFF'],
  ['a line separator', '\u2028', 'U+2028'],
  ['a tag', '\u{e0041}', 'U+E0041'],
  ['a Hangul filler', '\u3164', 'U+3164'],
  ['an escape', '\u001b', 'U+001B'],
  ['a tab', '\t', 'U+0009'],
] as const;

describe('names', () => {
  it.each(hidden)('of stores and tokens are refused with %s', (_, character, number) => {
    for (const check of [checkStoreName, checkTokenName]) {
      const name = () => check(`ac${character}me`);
      expect(name).toThrow(InvalidInput);
      expect(name).toThrow(`a character that can't be seen, ${number}, at position 3`);
    }
  });

  it.each(['acme', 'Zoë Ångström', 'مدير', '管理者', 'the wall screen', 'é'])(
    'of stores and tokens may be %s',
    (name) => {
      for (const check of [checkStoreName, checkTokenName]) expect(() => check(name)).not.toThrow();
    },
  );
});

describe('fields', () => {
  const shape = (raw: string) => shapeValue({ raw, steps: [], fallback: null });

  it.each(['\u001b', '\u0007', '\u007f', '\u009b', '\u0001'])('refuse %j', (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const problem = `has a control character, U+${number}, at position 3`;
    expect(shape(`ab${character}c`)).toEqual({ problem });
  });

  it.each(['12 Main St\nFlat 4', 'a\tb', 'a\r\nb', 'שלום\u200f', '👩‍💻'])('keep %j', (text) => {
    expect(shape(text)).toBe(text);
  });

  it('refuse control characters in members that are added by hand', async () => {
    const { ports } = new CliWorld();
    const person = { email: 'ada@acme.test', firstName: 'Ada', lastName: 'Love\u001b[31mlace' };
    const added = addMember(ports, { ...person, actor: { by: 'cli:ada', from: 'desk' } });
    await expect(added).rejects.toThrow(
      'The last name has a control character, U+001B, at position 5.',
    );
    expect(await ports.members.byEmailKey('ada@acme.test')).toBeNull();
  });
});
