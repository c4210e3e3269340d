import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { configurationJson, configurationSchema } from '../../../src/presenters/configuration.ts';

describe('a configuration as scripts read it', () => {
  it('leaves out the keys that a later version stored', () => {
    const config = defaultStoreConfig({});
    const { settings, safeguards } = config;
    const stored = {
      ...config,
      settings: { ...settings, later: true },
      safeguards: { ...safeguards, removals: { ...safeguards.removals, later: 1 } },
    };
    const json = configurationJson(stored);
    expect(json).toEqual(config);
    expect(configurationSchema.safeParse(json).success).toBe(true);
    expect(stored.settings.later).toBe(true);
  });
});
