/*
 * Makes Rollcall's roles and its user in MongoDB. compose.yaml has it run at the first start. Elsewhere an administrator
 * of the server runs it, again after an update too: what is there is brought up to date.
 *
 *   ROLLCALL_PASSWORD_FILE=FILE mongosh ADMIN_URI deploy/mongodb/create-users.js
 *
 * MONGODB_DATABASE names the database, as in Rollcall's settings. Rollcall's address is then
 * mongodb://rollcall:PASSWORD@HOST/?authSource=rollcall, with the name of the database for authSource.
 */
const name = process.env.MONGODB_DATABASE || 'rollcall';
const passwordFile = process.env.ROLLCALL_PASSWORD_FILE || '/run/secrets/mongodb-password';

const documents = ['find', 'insert', 'update', 'remove'];
// Every process makes the missing indexes when it starts; `doctor` lists them.
const indexes = ['createIndex', 'listIndexes'];

const roles = {
  // All that Rollcall does, migrations included: it makes no user and drops nothing but what earlier releases left.
  rollcall: {
    '': ['listCollections'],
    alerts: [...documents, ...indexes],
    // Entries are never removed.
    audit: ['find', 'insert', 'update', ...indexes],
    configRevisions: [...documents, ...indexes],
    groups: documents,
    leases: ['insert', 'update', 'remove'],
    mailDomains: documents,
    mailTemplates: documents,
    members: [...documents, ...indexes],
    migrations: ['find', 'insert', 'update'],
    notices: [...documents, ...indexes],
    // Of an earlier release; nothing reads it.
    pages: ['dropCollection'],
    people: [...documents, ...indexes],
    recordPeople: [...documents, ...indexes],
    records: [...documents, ...indexes],
    runs: [...documents, ...indexes, 'dropIndex'],
    scimGroups: [...documents, ...indexes],
    scimMemberships: ['find', 'insert', 'remove', ...indexes],
    scimTokens: [...documents, ...indexes],
    scimUsers: [...documents, ...indexes],
    sessions: [...documents, ...indexes],
    stores: [...documents, ...indexes],
    tokens: [...documents, ...indexes],
    usedOnce: ['insert', ...indexes],
  },
  // For reports: members and what runs did to them. It reads no credential and no token.
  rollcallReports: {
    members: ['find'],
    records: ['find'],
    runs: ['find'],
  },
};

const database = db.getSiblingDB(name);

for (const [role, byCollection] of Object.entries(roles)) {
  const privileges = Object.entries(byCollection).map(([collection, actions]) => ({
    resource: { db: name, collection },
    actions,
  }));
  if (database.getRole(role) === null) database.createRole({ role, privileges, roles: [] });
  else database.updateRole(role, { privileges, roles: [] });
}

const pwd = fs.readFileSync(passwordFile, 'utf8').trim();
const user = { pwd, roles: [{ role: 'rollcall', db: name }] };
if (database.getUser('rollcall') === null) database.createUser({ user: 'rollcall', ...user });
else database.updateUser('rollcall', user);
