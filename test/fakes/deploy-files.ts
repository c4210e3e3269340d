import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

const root = join(__dirname, '../..');

/** Runs deploy/make-secrets on a copy of deploy/, and calls `use` with that copy's folder. */
export function withSecrets<T>(use: (folder: string, again: () => void) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-secrets-'));
  try {
    cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true });
    const make = () => void execFileSync(join(folder, 'deploy/make-secrets'), { stdio: 'pipe' });
    make();
    return use(folder, make);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rules of Rollcall's user in Redis, as the ACL file has them, without its password. */
export function redisRules(): readonly string[] {
  return withSecrets((folder) => {
    const acl = readFileSync(join(folder, 'secrets/redis-users.acl'), 'utf8');
    const [line = ''] = acl.split('\n').filter((user) => user.startsWith('user rollcall '));
    return line
      .split(' ')
      .slice(2)
      .filter((rule) => !rule.startsWith('#'));
  });
}

interface Privilege {
  readonly resource: { readonly db: string; readonly collection: string };
  readonly actions: readonly string[];
}

/** What deploy/mongodb/create-users.js asks a MongoDB for that has no user and no role yet. */
export function createdInMongodb(): {
  readonly roles: Readonly<Record<string, readonly Privilege[]>>;
  readonly users: readonly object[];
} {
  const roles: Record<string, readonly Privilege[]> = {};
  const users: object[] = [];
  const database = {
    getRole: () => null,
    getUser: () => null,
    createRole({ role, privileges }: { role: string; privileges: readonly Privilege[] }) {
      roles[role] = privileges;
    },
    createUser: (user: object) => void users.push(user),
  };
  runInNewContext(readFileSync(join(root, 'deploy/mongodb/create-users.js'), 'utf8'), {
    process: { env: {} },
    fs: { readFileSync: () => 'password\n' },
    db: { getSiblingDB: () => database },
  });
  return { roles, users };
}

/** `collection.action` of every privilege of Rollcall's role, sorted. */
export function mongodbPrivileges(): readonly string[] {
  const { rollcall = [] } = createdInMongodb().roles;
  return rollcall
    .flatMap(({ resource, actions }) => actions.map((action) => `${resource.collection}.${action}`))
    .sort();
}
