import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError, messageOf } from '../src/core/errors.ts';
import { noRoles, type RoleLists } from '../src/core/people/role-of.ts';
import { seeRunbook } from '../src/core/runbooks.ts';
import type { DirectorySettings } from '../src/directories/directory.ts';
import type { ProxySettings } from '../src/outgoing/ways.ts';
import type { SecretsKey } from './keys.ts';
import type { MailServer, Sender } from './mail.ts';
import { originsSchema, settingMeta, settingsSchema } from './schema.ts';

/** All settings of a process, checked and frozen. Times are in milliseconds. */
export interface Config {
  readonly mongodbUri: string;
  readonly mongodbDatabase: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** The first encrypts, all decrypt. */
  readonly secretsKeys: readonly SecretsKey[];
  /** Origins that replace those of directories, by the name of their setting. */
  readonly sourceOrigins: DirectorySettings['origins'];
  readonly sourceRetryBudgetMs: number;
  readonly sourceRequestTimeoutMs: number;
  readonly sourceTimeLimitMs: number;
  readonly sourceMostUsers: number;
  /** Addresses may hold a name and a password. */
  readonly proxies: ProxySettings;
  readonly http: { readonly host: string; readonly port: number };
  /** Undefined: a worker listens on no port. */
  readonly workerHttpPort: number | undefined;
  readonly publicUrl: string;
  /** IP addresses and networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly heldExpiryMs: number;
  readonly runRetentionMs: number;
  /** Undefined: no alerts are sent. */
  readonly alertWebhook: { readonly url: string; readonly key: Buffer } | undefined;
  readonly alertStaleMs: number;
  /** Undefined: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** Undefined: no alerts go to Slack. */
  readonly slackWebhookUrl: string | undefined;
  /** Resolvers, as `host:port`; those of the system where there are none. */
  readonly dnsServers: readonly string[];
  /** Undefined: only access tokens sign in. */
  readonly oidc: OidcSettings | undefined;
  /** Who has which role when they sign in with it; nobody without it. */
  readonly roles: RoleLists;
}

/** The OpenID Connect provider that people sign in with. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly groupsClaim: string;
}

/** The mail server, and who sends and gets mail. */
export interface MailSettings {
  readonly server: MailServer;
  readonly from: Sender;
  /** Those who get alerts. */
  readonly admins: readonly string[];
}

type Settings = z.output<typeof settingsSchema>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from environment variables, each of them also from the file that `NAME_FILE`
 * names. An empty variable counts as unset, an unknown one is ignored. Throws one `ConfigError`
 * that lists every problem, a line each, and never a secret's value.
 */
export function loadConfig(
  env: Environment,
  readFile: (path: string) => string = readText,
): Config {
  const problems: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(settingsSchema.shape)) {
    const source = readSetting(name, { env, readFile });
    if ('problem' in source) problems.push(`${name}: ${source.problem}`);
    else if (source.value !== undefined) given[name] = source.value;
  }
  const parsed = settingsSchema.safeParse(given);
  const unread = new Set(problems.map((line) => line.split(':')[0]));
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (!unread.has(name)) problems.push(`${name}: ${wordIssue(issue, { name, given })}`);
  }
  const hasSetting = (name: string) => name in given || unread.has(name);
  for (const [name, needed] of pairs) {
    if (name in given && !hasSetting(needed)) {
      problems.push(`${needed}: ${wordMissing(needed)} Or take ${name} away.`);
    }
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `The settings can't be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
      { hint: `docs/settings.md describes every setting. ${seeRunbook('does-not-start')}` },
    );
  }
  return toConfig(parsed.data);
}

/** Settings, each with another that it needs. */
const pairs = [
  ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
  ['SMTP_URL', 'MAIL_FROM'],
  ['MAIL_ADMINS', 'SMTP_URL'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_SECRET'],
] as const;

/** Fails for what is not UTF-8, and drops a byte order mark. */
function readText(path: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

type Source = { readonly value: string | undefined } | { readonly problem: string };

function readSetting(
  name: string,
  { env, readFile }: { readonly env: Environment; readonly readFile: (path: string) => string },
): Source {
  const value = env[name] || undefined;
  const path = env[`${name}_FILE`] || undefined;
  if (path === undefined) return { value: value ?? readLowerCase(name, env) };
  if (value !== undefined) return { problem: `given here and as ${name}_FILE. Give only one.` };
  try {
    return { value: readFile(path).trim() || undefined };
  } catch (error) {
    return { problem: `${name}_FILE can't be read: ${messageOf(error)}. Give a readable file.` };
  }
}

/** Other programs read the lower-case form of some settings. */
function readLowerCase(name: string, env: Environment): string | undefined {
  return metaOf(name).alsoLowerCase ? env[name.toLowerCase()] || undefined : undefined;
}

function wordIssue(
  issue: z.core.$ZodIssue,
  { name, given }: { readonly name: string; readonly given: Readonly<Record<string, string>> },
): string {
  const { format, secret } = metaOf(name);
  const value = given[name];
  if (value === undefined) return wordMissing(name);
  if (issue.code === 'custom') return `${issue.message}. Give ${format}.`;
  return `${secret ? 'malformed' : `${JSON.stringify(value)} is not accepted`}. Give ${format}.`;
}

function wordMissing(name: string): string {
  return `missing. Give ${metaOf(name).format}.`;
}

function metaOf(name: string): z.output<typeof settingMeta> {
  const shape: Readonly<Record<string, z.ZodType>> = settingsSchema.shape;
  return settingMeta.parse(shape[name]?.meta());
}

const msPerSecond = 1000;
const msPerMinute = 60_000;
const msPerHour = 3_600_000;
const msPerDay = 86_400_000;

function toConfig(settings: Settings): Config {
  const http = Object.freeze({ host: settings.HTTP_HOST, port: settings.HTTP_PORT });
  return Object.freeze({
    mongodbUri: settings.MONGODB_URI,
    mongodbDatabase: settings.MONGODB_DATABASE,
    redisUrl: settings.REDIS_URL,
    redisPrefix: settings.REDIS_PREFIX,
    secretsKeys: Object.freeze(settings.SECRETS_KEYS.map((key) => Object.freeze(key))),
    sourceOrigins: Object.freeze(originsSchema.parse(settings)),
    sourceRetryBudgetMs: settings.SOURCE_RETRY_BUDGET_SECONDS * msPerSecond,
    sourceRequestTimeoutMs: settings.SOURCE_REQUEST_TIMEOUT_SECONDS * msPerSecond,
    sourceTimeLimitMs: settings.SOURCE_TIME_LIMIT_MINUTES * msPerMinute,
    sourceMostUsers: settings.SOURCE_MOST_USERS,
    proxies: Object.freeze({
      https: settings.HTTPS_PROXY,
      http: settings.HTTP_PROXY,
      except: settings.NO_PROXY,
    }),
    http,
    workerHttpPort: settings.WORKER_HTTP_PORT,
    publicUrl: settings.PUBLIC_URL ?? originOf(http),
    trustedProxies: Object.freeze([...(settings.TRUSTED_PROXIES ?? [])]),
    logLevel: settings.LOG_LEVEL,
    heldExpiryMs: settings.HELD_EXPIRY_DAYS * msPerDay,
    runRetentionMs: settings.RUN_RETENTION_DAYS * msPerDay,
    alertWebhook: webhookOf(settings),
    alertStaleMs: settings.ALERT_STALE_HOURS * msPerHour,
    mail: mailOf(settings),
    slackWebhookUrl: settings.SLACK_WEBHOOK_URL,
    dnsServers: Object.freeze([...(settings.DNS_SERVERS ?? [])]),
    oidc: oidcOf(settings),
    roles: settings.OIDC_ISSUER === undefined ? noRoles : rolesOf(settings),
  });
}

function rolesOf(settings: Settings): RoleLists {
  return Object.freeze({
    owner: settings.OIDC_OWNERS ?? [],
    admin: settings.OIDC_ADMINS ?? [],
    viewer: settings.OIDC_VIEWERS ?? [],
  });
}

function oidcOf(settings: Settings): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = settings;
  const { OIDC_CLIENT_SECRET: clientSecret, OIDC_GROUPS_CLAIM: groupsClaim } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    return undefined;
  return Object.freeze({ issuer, clientId, clientSecret, groupsClaim });
}

function mailOf({
  SMTP_URL: server,
  MAIL_FROM: from,
  MAIL_ADMINS: admins,
}: Settings): MailSettings | undefined {
  if (server === undefined || from === undefined) return undefined;
  return Object.freeze({ server, from, admins: Object.freeze([...(admins ?? [])]) });
}

function webhookOf({
  ALERT_WEBHOOK_URL: url,
  ALERT_WEBHOOK_SECRET: key,
}: Settings): Config['alertWebhook'] {
  return url === undefined || key === undefined ? undefined : Object.freeze({ url, key });
}

/** An IPv6 address is in brackets in a URL. */
function originOf({ host, port }: Config['http']): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
