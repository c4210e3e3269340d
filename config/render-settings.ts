import { z } from 'zod';
import { settingMeta, settingsSchema } from './schema.ts';

interface Setting extends z.output<typeof settingMeta> {
  readonly name: string;
  readonly required: boolean;
  /** The default as people read it; null when the setting is required. */
  readonly defaultValue: string | null;
}

/** `docs/settings.md`: every setting with its meaning, format and default. */
export function renderSettingsPage(): string {
  const sections = (required: boolean) =>
    listSettings()
      .filter((setting) => setting.required === required)
      .map(renderSection)
      .join('\n');
  return `# Settings

<!-- Written by \`npm run describe\` from config/schema.ts. Change that file instead. -->

Every process reads its settings from environment variables. A setting can also be read from a file: \`NAME_FILE\`
names the file, and \`NAME\` is then left out. An empty variable counts as unset. A missing or malformed setting stops the
process with exit code 78, and every problem is listed at once. [.env.example](../.env.example) is a start.

\`/metrics\` and \`/readyz\` ask for no sign-in and are for the inside network: let no proxy pass them on from outside.

## Required

${sections(true)}
## With a default

${sections(false)}`;
}

/** `.env.example`: the required settings to fill in, the others as comments with their defaults. */
export function renderEnvExample(): string {
  const intro = `# Written by \`npm run describe\` from config/schema.ts. docs/settings.md says more.
# NAME_FILE may name a file that holds the value instead.
# Only docker compose reads a file called .env; everything else reads the environment.
`;
  return [intro, ...listSettings().map(renderEnvLine)].join('\n');
}

function listSettings(): readonly Setting[] {
  return Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const meta = settingMeta.parse(schema.meta());
    const fallback = schema.safeParse(undefined);
    const defaultText = meta.defaultText ?? `\`${z.coerce.string().parse(fallback.data)}\``;
    return {
      ...meta,
      name,
      required: !fallback.success,
      defaultValue: fallback.success ? defaultText : null,
    };
  });
}

function renderSection(setting: Setting): string {
  const facts = [
    `- Value: ${setting.format}`,
    ...(setting.defaultValue === null ? [] : [`- Default: ${setting.defaultValue}`]),
    ...(setting.alsoLowerCase ? [`- Without it, \`${setting.name.toLowerCase()}\` is read`] : []),
    ...(setting.secret ? ['- A secret: never shown in messages or logs'] : []),
  ];
  return `### ${setting.name}\n\n${setting.description}\n\n${facts.join('\n')}\n`;
}

function renderEnvLine(setting: Setting): string {
  const comments = [
    `# ${setting.description}`,
    `# Value: ${setting.format}`,
    ...(setting.defaultValue === null ? [] : [`# Default: ${setting.defaultValue}`]),
  ];
  const mark = setting.required ? '' : '# ';
  return `${comments.join('\n')}\n${mark}${setting.name}=${setting.example}\n`;
}
