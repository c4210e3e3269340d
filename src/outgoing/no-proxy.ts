import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * Whether `NO_PROXY` names the host of an address, by the rules of curl and Go: `*` is every host, `example.com` that
 * host and those below it, `.example.com` and `*.example.com` those below it alone. A port narrows an entry down to
 * that port. An IP address is named by itself or by a network such as `10.0.0.0/8`. Host names are not resolved.
 */
export function isBypassed(noProxy: string, { hostname, port, protocol }: URL): boolean {
  const target = {
    host: withoutBrackets(hostname).replace(/\.$/, ''),
    port: port === '' ? defaultPorts[protocol] : Number(port),
  };
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => names(entry, target));
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function names(
  entry: string,
  { host, port }: { readonly host: string; readonly port: number | undefined },
): boolean {
  if (entry === '*') return true;
  const [, before = entry, only] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const named = withoutBrackets(before).replace(/\.$/, '');
  if (isIP(host) !== 0) return isInNetwork(host, named);
  const [, below = '', domain = ''] = /^(\*?\.)?(.*)$/.exec(named) ?? [];
  const ascii = domainToASCII(domain);
  if (ascii === '') return false;
  return host.endsWith(`.${ascii}`) || (below === '' && host === ascii);
}

/** `network` is an address, alone or with the length of a prefix. */
function isInNetwork(host: string, network: string): boolean {
  const [address = '', length] = network.split('/');
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : Number(length);
  if (family === 0 || !(prefix >= 0 && prefix <= longest)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, familyName(family));
  return list.check(host, familyName(isIP(host)));
}

const familyName = (family: number): 'ipv4' | 'ipv6' => (family === 4 ? 'ipv4' : 'ipv6');
const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
