/** What an administrator can do when a host is not reached; null for an error that names no cause. */
export function adviceOn(code: string): string | null {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `cannot be found: check the host name, the region and this machine’s DNS; ${code}`;
  }
  if (code === 'ECONNREFUSED') {
    return `refuses connections: check the address and port, and that no firewall is in the way; ${code}`;
  }
  return adviceOnTrust(code);
}

/** What an administrator can do when a certificate is not trusted; null for every other error. */
export function adviceOnTrust(code: string): string | null {
  const isTls =
    /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|ERR_TLS|ERR_SSL|EPROTO)/;
  if (!isTls.test(code)) return null;
  return `cannot be trusted: check its certificate, this machine’s clock, and NODE_EXTRA_CA_CERTS if a proxy inspects TLS; ${code}`;
}
