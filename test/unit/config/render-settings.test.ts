import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvExample, renderSettingsPage } from '../../../config/render-settings.ts';
import { settingsSchema } from '../../../config/schema.ts';

const root = join(__dirname, '../../..');
const names = Object.keys(settingsSchema.shape);

describe('the description of the settings', () => {
  it.each([
    ['docs/settings.md', renderSettingsPage],
    ['.env.example', renderEnvExample],
  ])('%s is what `npm run describe` writes', (path, render) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(render());
  });

  it('has every setting in both', () => {
    expect(
      renderSettingsPage()
        .match(/(?<=^### ).+$/gm)
        ?.sort(),
    ).toEqual([...names].sort());
    expect(renderEnvExample().match(/^(?:# )?[A-Z_]+(?==)/gm)).toHaveLength(names.length);
  });

  it('leaves only the required settings to fill in', () => {
    const open = renderEnvExample().match(/^[A-Z_]+(?==)/gm);
    expect(open).toEqual(['MONGODB_URI', 'REDIS_URL', 'SECRETS_KEYS']);
  });
});
