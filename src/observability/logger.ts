import { hostname } from 'node:os';
import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';
import { version } from '../core/version.ts';
import { standardError } from './log-destination.ts';
import { scrub } from './scrub.ts';

/** Keys whose values are never logged, at any depth, compared without case, `-` and `_`. */
const secretKeys = new Set([
  'apikey',
  'xapikey',
  'authorization',
  'proxyauthorization',
  'clientsecret',
  'credential',
  'secret',
  'secrets',
  'secretskeys',
  'password',
  'token',
  'accesstoken',
  'cookie',
  'cookies',
  'setcookie',
  'session',
]);

const deepest = 8;

/** A copy with secret values replaced; errors and other class instances are left to the serializers. */
function redact(value: unknown, depth = 0): unknown {
  if (depth > deepest) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecret(key) ? '[redacted]' : redact(item, depth + 1),
    ]),
  );
}

function isSecret(key: string): boolean {
  return secretKeys.has(key.toLowerCase().replaceAll(/[-_]/g, ''));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The parts of an error that are logged: no request, no response and no configuration. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(error);
  const { code, kind, cause } = error as { code?: unknown; kind?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: scrub(error.message),
    ...(isScalar(code) && { code }),
    ...(isScalar(kind) && { kind }),
    ...(error.stack !== undefined && { stack: scrub(error.stack) }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** JSON lines, on stderr unless another stream is given: stdout is for the answers of commands. */
export function createLogger(options: {
  readonly level: LevelWithSilent;
  readonly to?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: { version, host: hostname() },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
        bindings: (fields) => redact(fields) as Record<string, unknown>,
      },
      serializers: { err: describeError, error: describeError },
    },
    options.to ?? standardError(),
  );
}
