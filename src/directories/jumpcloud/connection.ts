import { z } from 'zod';
import type { DirectorySettings } from '../directory.ts';

export const connectionSchema = z.strictObject({
  region: z.enum(['us', 'eu', 'in']).default('us'),
});

type Region = z.output<typeof connectionSchema>['region'];

/** The console and API of each region. A key works only in its own region. */
const consoleOrigins: Readonly<Record<Region, string>> = {
  us: 'https://console.jumpcloud.com',
  eu: 'https://console.eu.jumpcloud.com',
  in: 'https://console.in.jumpcloud.com',
};

/** The host of service accounts' tokens. JumpCloud names no such host for the other regions. */
const oauthOrigin = 'https://admin-oauth.id.jumpcloud.com';

type Replaced = DirectorySettings['origins'];

export function consoleOriginOf(region: Region, replaced: Replaced): string {
  return replaced['JUMPCLOUD_CONSOLE_URL'] ?? consoleOrigins[region];
}

export function oauthOriginOf(replaced: Replaced): string {
  return replaced['JUMPCLOUD_OAUTH_URL'] ?? oauthOrigin;
}

export function originsOf(replaced: Replaced): readonly string[] {
  const { options } = connectionSchema.shape.region.unwrap();
  return [...options.map((region) => consoleOriginOf(region, replaced)), oauthOriginOf(replaced)];
}

const defaultText = "none: the region's own";

/** The settings that replace those origins, and that of Directory Insights. */
export const originSettings = {
  JUMPCLOUD_CONSOLE_URL: {
    description:
      "Replaces the region's host of the JumpCloud API: for a reverse proxy, or for the simulator.",
    example: 'https://console.jumpcloud.com',
    defaultText,
  },
  JUMPCLOUD_INSIGHTS_URL: {
    description: "Replaces the region's host of JumpCloud Directory Insights.",
    example: 'https://api.jumpcloud.com',
    defaultText,
  },
  JUMPCLOUD_OAUTH_URL: {
    description: 'Replaces the host that gives service accounts their access tokens.',
    example: 'https://admin-oauth.id.jumpcloud.com',
    defaultText,
  },
};
