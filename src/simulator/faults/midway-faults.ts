import type { ApiRequest } from '../api/answer.ts';
import type { Directory } from '../directory/directory.ts';
import type { UserState } from '../directory/system-user.ts';
import {
  changePages,
  type Fault,
  faultsOfKind,
  isUserListing,
  personAt,
  position,
  windowOf,
} from './fault.ts';

/** Changes of the directory itself, at the worst time: each answer is true when it is given. */
export const midwayFaults = faultsOfKind('odd', {
  'shift-left': {
    description:
      'Once, after a first page, a user on it is deleted: the next pages begin one too late.',
    wrap: afterFirstPage((first, directory) => directory.remove(first)),
  },
  'shift-right': {
    description:
      'Once, after a first page, a user is added before it: the next pages begin one too early.',
    wrap: afterFirstPage((first, directory) => directory.insertBefore(first)),
  },
  'hire-midway': {
    description: 'Once, after a first page, a user is added at the end.',
    wrap: afterFirstPage((_first, directory) => directory.hire()),
  },
  'swapped-emails': {
    description: 'Once, after a first page, a user on it and the last user swap e-mails.',
    wrap: afterFirstPage((first, directory) => {
      directory.swapEmails(first, directory.ids.at(-1) ?? first);
    }),
  },
  'staged-flip': {
    description: 'One person is STAGED, or ACTIVATED again, each time the listing is read.',
    amount: position,
    wrap: flipAtEachReading('STAGED'),
  },
  'suspended-flip': {
    description: 'One person is SUSPENDED, or ACTIVATED again, each time the listing is read.',
    amount: position,
    wrap: flipAtEachReading('SUSPENDED'),
  },
});

/** Changes the directory once, when a page of users has been answered and more are to come. */
function afterFirstPage(act: (first: string, directory: Directory) => unknown): Fault['wrap'] {
  return (handle, world) => {
    let done = false;
    const changeOnce = changePages((page, { request, directory }) => {
      if (done || windowOf(request).skip > 0 || page.rows.length >= page.total) return page;
      // Under other faults a row may be null, without an id, or of another organization.
      const first = page.rows.find((row) => directory.find(row?._id ?? '') !== undefined);
      if (first === undefined || first === null) return page;
      done = true;
      act(first._id, directory);
      return page;
    });
    return changeOnce(handle, world);
  };
}

/** Moves one user between two states before the first page of each listing; a search by a field is no listing. */
function flipAtEachReading(other: UserState): Fault['wrap'] {
  return (handle, { directory, amount }) => {
    const person = personAt(directory, amount) ?? '';
    return (request) => {
      const user = directory.find(person);
      if (user !== undefined && isFirstPage(request)) {
        directory.update(person, { state: user.state === other ? 'ACTIVATED' : other });
      }
      return handle(request);
    };
  };
}

function isFirstPage(request: ApiRequest): boolean {
  const isSearch = [...request.query.keys()].some((name) => name.startsWith('filter'));
  return isUserListing(request) && windowOf(request).skip === 0 && !isSearch;
}
