import type { Readable } from 'node:stream';
import axios from 'axios';
import { adviceOnTrust } from '../../core/connection-advice.ts';
import { Cancelled } from '../../core/errors.ts';
import { goDirectly, type Way } from '../../outgoing/ways.ts';

export interface PostOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  /** The way to `url`; straight there without it. */
  readonly way?: Way;
}

const defaultTimeoutMs = 10_000;

/**
 * Posts JSON. Only a 2xx within the time counts as delivered; the body is not read. No redirect is followed: alerts go
 * where the setting says. Returns what went wrong in words that name no address.
 */
export async function postJson(
  { url, timeoutMs = defaultTimeoutMs, way = goDirectly({}) }: PostOptions,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<string | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const { status, data } = await axios.post<Readable>(url, body, {
      headers: { 'content-type': 'application/json', 'user-agent': 'rollcall', ...headers },
      signal: AbortSignal.any([signal, late.signal]),
      ...way.request,
      maxRedirects: 0,
      responseType: 'stream',
      validateStatus: () => true,
    });
    data.destroy();
    const trouble = way.troubleAt(status);
    return trouble === null ? problemOf(status, way) : `could not be reached: ${trouble.message}`;
  } catch (error) {
    if (signal.aborted) throw new Cancelled('Sending an alert was cut off.', { cause: error });
    if (late.signal.aborted) return `did not answer within ${timeoutMs / 1000} s`;
    const trouble = way.troubleIn(error);
    if (trouble !== null) return `could not be reached: ${trouble.message}`;
    const code = codeOf(error);
    return adviceOnTrust(code) ?? `could not be reached: ${code}`;
  } finally {
    clearTimeout(timer);
  }
}

function problemOf(status: number, { isRelayed, proxy }: Way): string | null {
  if (status >= 200 && status < 300) return null;
  const isRedirect = status >= 300 && status < 400;
  const doubt = isRelayed ? `, perhaps by the proxy ${proxy} itself` : '';
  return `answered ${status}${isRedirect ? ', a redirect, which is not followed' : ''}${doubt}`;
}

/** The code alone: messages quote the address. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown reason';
}
