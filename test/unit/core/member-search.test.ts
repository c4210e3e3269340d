import fc from 'fast-check';
import { matchesSearch, searchKeysOf, wordsToFind } from '../../../src/core/member-search.ts';
import { aMember } from '../../builders/models.ts';

const ada = aMember({
  id: 'm1',
  fields: {
    displayName: 'Ada M. King-Lovelace',
    firstName: 'Ada',
    lastName: 'King-Lovelace',
    email: 'Ada.King@Analytical.Example',
    employeeId: 'E-1042',
  },
});

describe('searching members', () => {
  it.each([
    ['ada'],
    ['ADA king'],
    ['king ada'],
    ['lovelace'],
    ['king-l'],
    ['ada.k'],
    ['king@anal'],
    ['example'],
    ['e-10'],
    ['1042'],
    ['M.'],
    [' '],
  ])('finds a member by %j, which begins its words', (text) => {
    expect(matchesSearch(ada, text)).toBe(true);
  });

  it.each([['da'], ['ada grace'], ['ing'], ['42'], ['ada@'], ['<'], ['.*']])(
    'finds no member by %j, which begins none',
    (text) => {
      expect(matchesSearch(ada, text)).toBe(false);
    },
  );

  it.each([
    ['Zoë', 'zoe'],
    ['Zoe', 'ZOË'],
    ['Straße', 'STRASS'],
    ['İpek', 'ipek'],
    ['Ἀθηνᾶ', 'αθηνα'],
    ['प्रिया', 'प्रि'],
    ['李小龍', '李'],
    ['\u202egnp.exe', 'gnp'],
    ['<img src=x onerror=alert(1)>', 'onerror'],
    ['👩‍🚀 Sam', '👩‍🚀'],
    ['ﬁona', 'fi'],
    ['Ada\u00a0King', 'ada king'],
  ])('compares %j with %j without case, accents and hidden characters', (displayName, text) => {
    expect(matchesSearch(aMember({ fields: { displayName } }), text)).toBe(true);
  });

  it('finds an international address by either spelling', () => {
    const member = aMember({ fields: { email: 'ada@xn--bcher-kva.example' } });
    expect(matchesSearch(member, 'ada@bücher')).toBe(true);
    expect(matchesSearch(member, 'ada@xn--b')).toBe(true);
  });

  it('finds a member by each of its values, and by each beginning of it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.nat(30), (firstName, lastName, length) => {
        const member = aMember({ fields: { firstName, lastName } });
        expect(matchesSearch(member, `${lastName} ${firstName}`)).toBe(true);
        const [word = ''] = wordsToFind(firstName);
        expect(matchesSearch(member, word.slice(0, length))).toBe(true);
      }),
    );
  });

  it('folds what is folded no further', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const words = wordsToFind(text);
        expect(wordsToFind(words.join(' '))).toEqual(words);
      }),
    );
  });

  it('keeps few and short keys, whatever the fields hold', () => {
    const long = [
      'a.'.repeat(5000),
      'x'.repeat(10_000),
      'a '.repeat(5000),
      '\ud83d'.repeat(10_000),
    ];
    for (const displayName of long) {
      const keys = searchKeysOf(aMember({ fields: { displayName, email: displayName } }));
      expect(keys.words.length).toBeLessThan(100);
      for (const key of [...keys.words, keys.name, keys.address]) {
        expect(key.length).toBeLessThan(300);
      }
    }
  });

  it('sorts by the name that lists show', () => {
    const nameOf = (fields: (typeof ada)['fields']) =>
      searchKeysOf(aMember({ id: 'm1', fields })).name;
    expect(nameOf({ firstName: 'Ada', lastName: 'King' })).toBe('ada king\tm1');
    expect(nameOf({ firstName: 'Ada', displayName: ' É.  King' })).toBe('e. king\tm1');
    expect(nameOf({})).toBe('\tm1');
  });
});
