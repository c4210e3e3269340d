import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosError } from 'axios';
import { decodeText } from '../../core/decode-text.ts';
import type { RawAnswer, TransportProblem } from './classify.ts';

/** The largest answer: a page of users is smaller. */
const largestAnswerBytes = 16 * 1024 * 1024;

const agents = {
  httpAgent: new HttpAgent({ keepAlive: true }),
  httpsAgent: new HttpsAgent({ keepAlive: true }),
};

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a form by POST; a GET without it. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export type Sent =
  | { readonly arrived: true; readonly answer: RawAnswer; readonly headers: ResponseHeaders }
  | { readonly arrived: false; readonly problem: TransportProblem };

export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Sends one request and reads its whole answer within `deadlineMs`. Follows no redirect and uses no proxy of the
 * environment: both would pass on the credential. Never throws.
 */
export async function send(outgoing: Outgoing): Promise<Sent> {
  const { deadlineMs } = outgoing;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    const response = await axios.request<Buffer>({
      url: outgoing.url,
      method: outgoing.form === undefined ? 'GET' : 'POST',
      headers: { ...outgoing.headers },
      data: outgoing.form === undefined ? undefined : new URLSearchParams(outgoing.form).toString(),
      signal: AbortSignal.any([outgoing.signal, deadline.signal]),
      ...agents,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: largestAnswerBytes,
      responseType: 'arraybuffer',
      validateStatus: () => true,
    });
    const headers = textHeaders(response.headers);
    const contentType = headers['content-type'] ?? '';
    const decoded = decodeText(response.data, contentType);
    const answer = {
      status: response.status,
      contentType,
      location: headers['location'] ?? null,
      ...(decoded.ok ? { body: decoded.text } : { body: '', undecodable: decoded.problem }),
    };
    return { arrived: true, answer, headers };
  } catch (error) {
    if (deadline.signal.aborted) {
      const reason = `did not answer within ${deadlineMs / 1000} s`;
      return { arrived: false, problem: { code: 'DEADLINE', reason } };
    }
    return { arrived: false, problem: describe(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Takes only the code and the message: axios errors carry the request with its credential. */
function describe(error: unknown): TransportProblem {
  const { code = 'UNKNOWN', message } = error as AxiosError;
  if (message.startsWith('maxContentLength')) {
    const reason = `sent an answer larger than ${largestAnswerBytes / 1024 / 1024} MB`;
    return { code: 'TOO_LARGE', reason };
  }
  return { code, reason: `broke off the connection: ${message || code}` };
}

function textHeaders(headers: object): ResponseHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
