/*
 * The log that MongoDB's driver writes with these settings, and the privileges that the logged commands need
 * (https://www.mongodb.com/docs/manual/reference/privilege-actions/).
 */

/** Has a process write every command to its standard error. */
export const logCommands = {
  MONGODB_LOG_COMMAND: 'debug',
  MONGODB_LOG_PATH: 'stderr',
  MONGODB_LOG_MAX_DOCUMENT_LENGTH: '100000',
};

const actionsByCommand: Readonly<Record<string, readonly string[]>> = {
  aggregate: ['find'],
  createIndexes: ['createIndex'],
  delete: ['remove'],
  distinct: ['find'],
  drop: ['dropCollection'],
  dropIndexes: ['dropIndex'],
  findAndModify: ['find', 'update'],
  // These need no privilege: they are about the connection, or about a cursor of the same user.
  endSessions: [],
  hello: [],
  getMore: [],
  killCursors: [],
  ping: [],
};

const started =
  /commandName: '(\w+)'.*message: 'Command started', command: ['`]\{"\w+":"?(\w+)(.*)/g;

/** `collection.action` of every privilege that the commands of a log need, sorted. */
export function privilegesOf(log: string): readonly string[] {
  const needed = new Set<string>();
  for (const [, command = '', target = '', rest = ''] of log.matchAll(started)) {
    const collection = command === 'listCollections' ? '' : target;
    const actions = [...(actionsByCommand[command] ?? [command])];
    if (rest.includes('"upsert":true')) actions.push('insert');
    if (command === 'findAndModify' && rest.includes('"remove":true')) actions.push('remove');
    for (const action of actions) needed.add(`${collection}.${action}`);
    for (const [, from] of rest.matchAll(/"\$(?:lookup":\{"from|unionWith":\{"coll)":"(\w+)"/g))
      needed.add(`${from}.find`);
  }
  return [...needed].sort();
}
