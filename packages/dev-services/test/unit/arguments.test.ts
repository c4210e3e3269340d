import { parseRequestedCommand } from '../../src/arguments.ts';
import { InvalidInput } from '../../src/errors.ts';

const parse = (line: string) => parseRequestedCommand(line.split(' ').filter(Boolean));

describe('parseRequestedCommand', () => {
  it.each([
    ['up', { command: 'up', instance: 'dev' }],
    ['down --instance demo', { command: 'down', instance: 'demo', isDataDeleted: false }],
    ['down --delete-data', { command: 'down', instance: 'dev', isDataDeleted: true }],
    ['kill redis --instance demo', { command: 'kill', instance: 'demo', service: 'redis' }],
    ['--instance=demo status', { command: 'status', instance: 'demo' }],
    [
      'run -- npx jest -t --keep',
      { command: 'run', keep: false, words: ['npx', 'jest', '-t', '--keep'] },
    ],
    ['run --keep -- true', { command: 'run', keep: true, words: ['true'] }],
    ['run --instance dev -- a -- b', { command: 'run', instance: 'dev', words: ['a', '--', 'b'] }],
    ['--help', { command: 'help' }],
  ])('reads `%s`', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it('leaves the instance of a run open unless it is named', () => {
    expect(parse('run -- true')).toMatchObject({ instance: undefined });
  });

  it.each([
    '',
    'start',
    'up now',
    'run',
    'run --',
    'up --keep',
    'up --delete-data',
    'kill',
    'kill mongo',
    'kill redis database',
    'run --keep --instance x -- true',
    'up --instance ../x',
    'up --what',
  ])('refuses `%s`', (line) => {
    expect(() => parse(line)).toThrow(InvalidInput);
  });
});
