import { readFileSync } from 'node:fs';
import { fieldsOf, flagOf } from '../../../src/cli/directory-options.ts';
import { directories } from '../../../src/directories/index.ts';

const text = readFileSync('docs/cli.md', 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| `store add NAME'));
const kindOf = (row: string) => /--directory (\S+?)[` ]/.exec(row)?.[1] ?? '';

describe('docs/cli.md', () => {
  it.each(directories.kinds)('says how to add a store of a %s directory', (kind) => {
    const { connectionSchema, credentialSchema } = directories.of(kind);
    const shapes = [connectionSchema, ...credentialSchema.options].map(({ shape }) => shape);
    const fields = shapes.flatMap(({ type: _type, ...shape }) => fieldsOf(shape as never));
    const row = rows.filter((line) => kindOf(line) === kind).join('\n');
    const flags = fields.map((field) => flagOf(field).split(' ')[0] ?? '');
    expect(flags.filter((flag) => !row.includes(flag))).toEqual([]);
    expect(flags).not.toEqual([]);
  });

  it('names no directory that there is not', () => {
    expect([...new Set(rows.map(kindOf))].toSorted()).toEqual([...directories.kinds].toSorted());
  });
});
