/** A user of JumpCloud. */
export interface Person {
  readonly username: string;
  readonly email: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly suspended?: boolean;
}

interface Resource {
  readonly id: string;
  readonly [key: string]: unknown;
}

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * JumpCloud's identity management as an administrator configures it for a custom application: base
 * URL and token, a test of the connection, and bound user groups. It sends the requests that
 * docs/scim.md describes.
 */
export class JumpCloudClient {
  readonly #baseUrl: string;
  #token: string;
  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  set token(token: string) {
    this.#token = token;
  }

  /** "Test Connection": creates a user and a group, and removes them again. */
  async testConnection(email: string): Promise<void> {
    await this.#ask('GET', '/Users?startIndex=1&count=1');
    if ((await this.#find('Users', `userName eq "${email}"`)) !== null) {
      throw new Error('the test address is taken already');
    }
    const person = { username: email, email, firstname: 'Test', lastname: 'User' };
    const user = await this.#ask<Resource>('POST', '/Users', userOf(person));
    const group = await this.#ask<Resource>('POST', '/Groups', { displayName: 'JumpCloud test' });
    await this.#patch(`/Groups/${group.id}`, [
      { op: 'add', path: 'members', value: [{ value: user.id }] },
    ]);
    await this.#ask('DELETE', `/Groups/${group.id}`);
    await this.#ask('DELETE', `/Users/${user.id}`);
  }

  /** Looks each user up, creates or updates them, then the group, and adds all to it again. */
  async saveGroup(name: string, people: readonly Person[]): Promise<void> {
    const ids: string[] = [];
    for (const person of people) ids.push(await this.savePerson(person));
    const found = await this.#find('Groups', `displayName eq "${name}"`);
    const { id } =
      found ??
      (await this.#ask<Resource>('POST', '/Groups', {
        displayName: name,
        members: ids.map((value) => ({ value })),
      }));
    for (const value of ids) {
      await this.#patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value: [{ value }] }]);
    }
  }

  async savePerson(person: Person): Promise<string> {
    const found = await this.#find('Users', `userName eq "${person.username}"`);
    if (found === null) return (await this.#ask<Resource>('POST', '/Users', userOf(person))).id;
    await this.#patch(`/Users/${found.id}`, [
      { op: 'replace', path: 'name.givenName', value: person.firstname },
      { op: 'replace', path: 'name.familyName', value: person.lastname },
      { op: 'replace', path: 'active', value: person.suspended !== true },
    ]);
    return found.id;
  }

  /** Removes a user from a group; a user in no other bound group is pushed as inactive. */
  async leaveGroup(name: string, { username }: Pick<Person, 'username'>): Promise<Resource> {
    const [group, user] = [
      await this.#find('Groups', `displayName eq "${name}"`),
      await this.#find('Users', `userName eq "${username}"`),
    ];
    if (group === null || user === null) throw new Error('there is no such group or user');
    await this.#patch(`/Groups/${group.id}`, [
      { op: 'remove', path: 'members', value: [{ value: user.id }] },
    ]);
    const body = {
      schemas: [patchOp],
      Operations: [{ op: 'replace', path: 'active', value: false }],
    };
    return this.#ask<Resource>('PATCH', `/Users/${user.id}`, body);
  }

  async #find(kind: 'Users' | 'Groups', filter: string): Promise<Resource | null> {
    const found = await this.#ask<{ readonly Resources: readonly Resource[] }>(
      'GET',
      `/${kind}?filter=${encodeURIComponent(filter)}`,
    );
    return found.Resources[0] ?? null;
  }

  async #patch(path: string, Operations: readonly object[]): Promise<void> {
    await this.#ask('PATCH', path, { schemas: [patchOp], Operations });
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(this.#baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }
}

function userOf({ username, email, firstname, lastname, suspended }: Person): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: username,
    name: { givenName: firstname, familyName: lastname },
    emails: [{ value: email, type: 'work', primary: true }],
    active: suspended !== true,
  };
}
