import { judgeSize, type KeptSize } from '../../../../src/core/criteria/group-size.ts';

const kept = (proven: number, shrunkTo: number | null = null): KeptSize => ({ proven, shrunkTo });
const whole = (size: number) => ({ size, isWhole: true });
const part = (size: number) => ({ size, isWhole: false });

describe('the size of a group’s list', () => {
  it.each([
    ['a first list', null, whole(0), true, kept(0)],
    ['a first list that is not whole', null, part(9), true, null],
    ['one that grew', kept(10), whole(12), true, kept(12)],
    ['one that lost half', kept(10), whole(5), true, kept(5)],
    ['one that lost more than half', kept(10), whole(4), false, kept(10, 4)],
    ['one that is empty now', kept(1), whole(0), false, kept(1, 0)],
    ['one that a second run sees so too', kept(10, 4), whole(4), true, kept(4)],
    ['one that lost most again', kept(10, 4), whole(1), false, kept(10, 1)],
    ['one that came back', kept(10, 4), whole(10), true, kept(10)],
    ['a small one that is not whole', kept(10), part(4), false, kept(10, 4)],
    ['the same again, still not whole', kept(10, 4), part(4), true, kept(10, 4)],
    ['a large one that is not whole', kept(10), part(9), true, kept(10)],
  ])('%s', (_, known, list, isTrusted, next) => {
    expect(judgeSize(known, list)).toEqual({ isTrusted, kept: next });
  });
});
