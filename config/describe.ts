/* `npm run describe`: writes docs/settings.md and .env.example from the schema. */
import { writeFileSync } from 'node:fs';
import { renderEnvExample, renderSettingsPage } from './render-settings.ts';

writeFileSync('docs/settings.md', renderSettingsPage());
writeFileSync('.env.example', renderEnvExample());
