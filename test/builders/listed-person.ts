import type { StoreConfig } from '../../src/core/model/store-config.ts';
import { defaultNotifications } from '../../src/core/store-file/default-config.ts';
import type { Person } from '../fakes/memory-directory.ts';
import { statusSync } from './models.ts';

export const person = (id: string, parts: Partial<Person> = {}): Person => ({
  id,
  email: `${id}@acme.test`,
  ...parts,
});
export const renamed = (id: string): Person => person(id, { record: { firstname: 'Ada' } });
export const withStatus = (parts: Partial<typeof statusSync>): Partial<StoreConfig> => ({
  settings: { statusSync: { ...statusSync, ...parts }, notifications: defaultNotifications },
});
export const onlySales: Partial<StoreConfig> = {
  criteria: {
    users: { conditions: [{ attribute: 'department', operator: 'equals', value: 'Sales' }] },
  },
};
