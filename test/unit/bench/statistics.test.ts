import { spreadOf } from '../../../bench/statistics.ts';

describe('spreadOf', () => {
  it('sorts by value, not as text', () => {
    expect(spreadOf([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  });

  it('takes the mean of the two in the middle', () => {
    expect(spreadOf([4, 1, 2, 8])).toEqual({ median: 3, min: 1, max: 8 });
  });

  it('refuses a figure that was not measured', () => {
    expect(() => spreadOf([])).toThrow('no figure');
  });
});
