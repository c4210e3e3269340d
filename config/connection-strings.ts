/*
 * Checks that the addresses of services are well-formed, so that a process reports a mistake before
 * it connects. A special character in a password that is not percent-encoded ends a part of an
 * address too early.
 */

/** A URL that ioredis understands: scheme, host, port from 1, and at most the number of a database. */
export function isRedisUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol)) return false;
  return (
    url.hostname !== '' &&
    url.port !== '0' &&
    /^(\/\d*)?$/.test(url.pathname) &&
    !url.search.includes('@') &&
    url.hash === '' &&
    [url.username, url.password].every(isPercentEncoded)
  );
}

const mongodbUri =
  /^mongodb(?<srv>\+srv)?:\/\/(?:(?<user>[^\s:/?#[\]@]+)(?::(?<password>[^\s:/?#[\]@]*))?@)?(?<hosts>[^\s/?#@]+)(?<rest>[/?][^\s#@]*)?$/;

/**
 * A connection string for MongoDB's driver: several hosts, or with `+srv` one without a port. The
 * driver checks its options.
 */
export function isMongodbUri(text: string): boolean {
  const parts = mongodbUri.exec(text)?.groups;
  if (parts === undefined) return false;
  const { srv, user = '', password = '', hosts = '' } = parts;
  const all = hosts.split(',');
  return (
    [user, password].every(isPercentEncoded) &&
    (srv === undefined ? all.every(isHost) : all.length === 1 && !hosts.includes(':'))
  );
}

function isHost(text: string): boolean {
  const port = /^(?:\[[\da-fA-F:.]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/.exec(text);
  const number = Number(port?.groups?.['port'] ?? 1);
  return port !== null && number >= 1 && number <= 65_535;
}

export function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
