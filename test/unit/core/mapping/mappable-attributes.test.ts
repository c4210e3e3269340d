import { mappableAttributes } from '../../../../src/core/mapping/mappable-attributes.ts';

const seen = (kind: 'attribute' | 'custom', name: string) => ({
  kind,
  name,
  users: 1,
  examples: [name],
});

describe('mappableAttributes', () => {
  it('adds what the default mapping reads, once, and the fields that a mapping reads from each', () => {
    const attributes = mappableAttributes(
      [seen('attribute', 'department'), seen('custom', 'team')],
      {
        defaultMapping: {
          department: { attribute: 'department' },
          city: { attribute: 'town' },
          state: { attribute: 'town' },
        },
        mapping: {
          department: { attribute: ' department ' },
          jobTitle: { attribute: 'department', default: 'none' },
          city: { custom: 'team' },
          street: { expression: 'department' },
          country: { value: 'team' },
        },
      },
    );
    expect(attributes).toEqual([
      { ...seen('attribute', 'department'), mappedTo: ['department', 'jobTitle'] },
      { ...seen('custom', 'team'), mappedTo: ['city'] },
      { kind: 'attribute', name: 'town', users: 0, examples: [], mappedTo: [] },
    ]);
  });
});
