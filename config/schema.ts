import { isIP } from 'node:net';
import { z } from 'zod';
import { originSettings } from '../src/directories/index.ts';
import { isMongodbUri, isRedisUrl } from './connection-strings.ts';
import {
  fewestWebhookBytes,
  keyBytes,
  mostWebhookBytes,
  parseSecretsKeys,
  parseWebhookSecret,
  type Refinement,
} from './keys.ts';
import { mailShape } from './mail.ts';
import { oidcShape } from './oidc.ts';
import { parseProxyUrl } from './proxy-url.ts';

/** No connection string and no list of keys or proxies is longer. */
const longestText = 16_384;

const encodePassword = 'percent-encode special characters of the password, such as # as %23';

/** The `meta` of every setting: its purpose, its format, and whether it is a secret. */
export const settingMeta = z.object({
  description: z.string(),
  /** Completes "Give …" in a problem. */
  format: z.string(),
  /** The value in `.env.example`. */
  example: z.string(),
  /** A secret's value is never shown, not even when it is malformed. */
  secret: z.boolean().default(false),
  /** Replaces the default where that is computed or there is none. */
  defaultText: z.string().optional(),
  /** Read by its lower-case name too, where the other is left out. */
  alsoLowerCase: z.boolean().default(false),
});

const originShape = Object.fromEntries(
  Object.entries(originSettings).map(([name, about]) => [name, originSetting(about)]),
);

/** The settings that replace the origins of directories. */
export const originsSchema = z.object(originShape);

/** Every setting of every process, in the order people read them. */
export const settingsSchema = z.object({
  MONGODB_URI: z
    .string()
    .max(longestText)
    .refine(isMongodbUri, 'malformed')
    .meta({
      description: 'The MongoDB server that keeps stores, members, runs and records.',
      format: `a connection string such as mongodb://127.0.0.1:27017; ${encodePassword}`,
      example: 'mongodb://127.0.0.1:27017',
      secret: true,
    }),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/)
    .default('rollcall')
    .meta({
      description: 'The database on that server.',
      format: 'up to 63 letters, digits, _ and -',
      example: 'rollcall',
    }),
  REDIS_URL: z
    .string()
    .max(longestText)
    .refine(isRedisUrl, 'malformed')
    .meta({
      description:
        'The Redis or Valkey server that keeps the job queues, or any one node of a cluster of them.',
      format: `a URL such as redis://127.0.0.1:6379, or rediss:// for TLS; ${encodePassword}`,
      example: 'redis://127.0.0.1:6379',
      secret: true,
    }),
  REDIS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .default('rollcall')
    .meta({
      description: 'Begins the name of every key in Redis, so that installations can share one.',
      format: 'up to 32 letters, digits, _ and -',
      example: 'rollcall',
    }),
  SECRETS_KEYS: z
    .string()
    .max(longestText)
    .transform(parseSecretsKeys)
    .meta({
      description:
        'The keys that API keys and client secrets are encrypted with. The first encrypts, all decrypt: to rotate, put a new one in front, keep the old one and run secrets rotate. The key of the sign-in cookie derives from the first.',
      format: `id:base64-of-${keyBytes}-bytes, several parted by commas; make one with: echo "k1:$(openssl rand -base64 ${keyBytes})"`,
      example: '',
      secret: true,
    }),
  ...originShape,
  SOURCE_RETRY_BUDGET_SECONDS: wholeNumber({ from: 1, to: 86_400 }).default(180).meta({
    description:
      'A run gives a failing directory up when no request to it has succeeded for this many seconds.',
    format: 'a whole number from 1 to 86400',
    example: '180',
  }),
  SOURCE_REQUEST_TIMEOUT_SECONDS: wholeNumber({ from: 1, to: 3_600 }).default(30).meta({
    description:
      'A request to a directory is given up, and made again, when its whole answer has not arrived after this many seconds.',
    format: 'a whole number from 1 to 3600',
    example: '30',
  }),
  SOURCE_TIME_LIMIT_MINUTES: wholeNumber({ from: 1, to: 10_080 }).default(1440).meta({
    description: 'A run fails when its directory takes longer than this many minutes in all.',
    format: 'a whole number from 1 to 10080',
    example: '1440',
  }),
  SOURCE_MOST_USERS: wholeNumber({ from: 1, to: 100_000_000 }).default(2_000_000).meta({
    description:
      'A run fails, and changes no more members, when its directory lists or states more users than this, or more members of a group.',
    format: 'a whole number from 1 to 100000000',
    example: '2000000',
  }),
  HTTPS_PROXY: proxySetting('https'),
  HTTP_PROXY: proxySetting('http'),
  NO_PROXY: z.string().max(longestText).default('').meta({
    description:
      'The hosts that are asked without a proxy. example.com names that host and those below it, .example.com those below it alone, * all hosts; a port narrows an entry down. Host names are not resolved.',
    format:
      'host names, IP addresses and networks, several parted by commas, such as localhost,.example.com,10.0.0.0/8',
    example: 'localhost,.example.com,10.0.0.0/8',
    defaultText: 'none',
    alsoLowerCase: true,
  }),
  HTTP_HOST: z
    .string()
    .max(255)
    .regex(/^[^\s/]+$/)
    .default('127.0.0.1')
    .meta({
      description: 'The address the API listens on.',
      format: 'a host name or an IP address; 0.0.0.0 is all of them',
      example: '127.0.0.1',
    }),
  HTTP_PORT: wholeNumber({ from: 0, to: 65_535 }).default(3000).meta({
    description: 'The port the API listens on.',
    format: 'a whole number from 0 to 65535; 0 takes any free port',
    example: '3000',
  }),
  WORKER_HTTP_PORT: wholeNumber({ from: 0, to: 65_535 }).optional().meta({
    description: 'The port on which a worker shows its health and metrics.',
    format: 'a whole number from 0 to 65535; 0 takes any free port',
    example: '3001',
    defaultText: 'none: a worker listens on no port',
  }),
  PUBLIC_URL: z
    .string()
    .max(longestText)
    .transform((text, ctx) => {
      const url = parseWebUrl(text, ctx);
      return url === null ? z.NEVER : url.href.replace(/\/+$/, '');
    })
    .optional()
    .meta({
      description: 'Where people and directories reach the API from outside.',
      format: 'a URL such as https://rollcall.example.com',
      example: 'https://rollcall.example.com',
      defaultText: '`http://HTTP_HOST:HTTP_PORT`',
    }),
  TRUSTED_PROXIES: z.string().max(longestText).transform(parseProxies).optional().meta({
    description:
      'The proxies in front of the API. Their headers X-Forwarded-For, -Host and -Proto are trusted for the sender and the host of a request.',
    format: 'addresses or networks, several parted by commas, such as 127.0.0.1,10.0.0.0/8',
    example: '127.0.0.1,10.0.0.0/8',
    defaultText: 'none: the sender of a request is the address that connects',
  }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({
      description: 'The least severe log lines that are written.',
      format: 'one of fatal, error, warn, info, debug, trace, silent',
      example: 'info',
    }),
  HELD_EXPIRY_DAYS: wholeNumber({ from: 1, to: 36_500 }).default(30).meta({
    description: 'Held records without a decision are rejected after this many days.',
    format: 'a whole number from 1 to 36500',
    example: '30',
  }),
  RUN_RETENTION_DAYS: wholeNumber({ from: 1, to: 36_500 }).default(90).meta({
    description: 'Ended runs and their records are removed after this many days.',
    format: 'a whole number from 1 to 36500',
    example: '90',
  }),
  ALERT_WEBHOOK_URL: z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseWebUrl(text, ctx, { query: true })?.href ?? z.NEVER)
    .optional()
    .meta({
      description:
        'Where alerts are posted to: a run was held or failed, a store needs to be reauthorized or has not been synced for long. docs/alerts.md says more.',
      format: 'an http or https URL without user name, password and fragment',
      example: 'https://alerts.example.com/rollcall',
      // It may contain a token of the receiver.
      secret: true,
      defaultText: 'none: no alerts are posted',
    }),
  ALERT_WEBHOOK_SECRET: z
    .string()
    .max(longestText)
    .transform(parseWebhookSecret)
    .optional()
    .meta({
      description: 'The key that alerts are signed with; the receiver knows it too.',
      format: `whsec_ and ${fewestWebhookBytes} to ${mostWebhookBytes} bytes in base64; make one with: echo "whsec_$(openssl rand -base64 32)"`,
      example: '',
      secret: true,
      defaultText: 'none; ALERT_WEBHOOK_URL needs one',
    }),
  ALERT_STALE_HOURS: wholeNumber({ from: 1, to: 8_760 }).default(26).meta({
    description:
      'An active store with an enabled schedule is reported when none of its syncs has succeeded for this many hours; with a schedule that comes more seldom, two hours after the run it missed.',
    format: 'a whole number from 1 to 8760',
    example: '26',
  }),
  SLACK_WEBHOOK_URL: z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseWebUrl(text, ctx)?.href ?? z.NEVER)
    .optional()
    .meta({
      description:
        'An incoming webhook of Slack that alerts are posted to. docs/alerts.md says more.',
      format: 'an http or https URL without user name, password, query and fragment',
      example: 'https://hooks.slack.com/services/T000/B000/XXXX',
      // Who knows it can post to the channel.
      secret: true,
      defaultText: 'none: no alerts go to Slack',
    }),
  ...mailShape,
  ...oidcShape,
});

function wholeNumber({ from, to }: { readonly from: number; readonly to: number }) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(from).max(to));
}

function originSetting(about: (typeof originSettings)[string]) {
  return z
    .string()
    .max(longestText)
    .transform((text, ctx) => {
      const url = parseWebUrl(text, ctx);
      if (url === null) return z.NEVER;
      if (url.href === `${url.origin}/`) return url.origin;
      ctx.addIssue('has more than scheme, host and port');
      return z.NEVER;
    })
    .optional()
    .meta({
      ...about,
      format: `scheme, host and port alone, such as ${about.example}`,
    });
}

function proxySetting(scheme: 'http' | 'https') {
  return z
    .string()
    .max(longestText)
    .transform((text, ctx) => parseProxyUrl(text, ctx) ?? z.NEVER)
    .optional()
    .meta({
      description: `The proxy for requests to ${scheme} addresses: of directories, of hosts that give tokens, and of the webhook for alerts. MongoDB and Redis use no proxy.`,
      format: `an http or https URL such as http://proxy.example.com:3128, with a name and a password if the proxy asks for them; ${encodePassword}`,
      example: 'http://proxy.example.com:3128',
      secret: true,
      defaultText: 'none: these requests go straight to their hosts',
      alsoLowerCase: true,
    });
}

/** Adds an issue that doesn't repeat the text: a URL can hold a password. */
function parseWebUrl(
  text: string,
  ctx: Refinement,
  allow: { readonly query: boolean } = { query: false },
): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    ctx.addIssue('is no http or https URL');
    return null;
  }
  const hasQuery = url.search !== '' && !allow.query;
  if (url.username !== '' || url.password !== '' || hasQuery || url.hash !== '') {
    ctx.addIssue(`has a user name, a password${allow.query ? '' : ', a query'} or a fragment`);
    return null;
  }
  return url;
}

function parseProxies(text: string, ctx: Refinement): readonly string[] {
  const proxies = text.split(',').map((entry) => entry.trim());
  for (const [index, entry] of proxies.entries()) {
    if (!isNetwork(entry)) ctx.addIssue(`entry ${index + 1} is no address and no network`);
  }
  return proxies;
}

/** An IP address without a zone, alone or with the length of a prefix. */
function isNetwork(text: string): boolean {
  const [, address = '', prefix = '1'] = /^([\d.:a-fA-F]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128);
}
