import type { Region } from '../../core/model/store.ts';

/** Where each region's console and API are. A key works only in its own region. */
export const consoleOrigins: Readonly<Record<Region, string>> = {
  us: 'https://console.jumpcloud.com',
  eu: 'https://console.eu.jumpcloud.com',
  in: 'https://console.in.jumpcloud.com',
};

/** Where service accounts get their tokens. JumpCloud names no such host for the other regions. */
export const oauthOrigin = 'https://admin-oauth.id.jumpcloud.com';
