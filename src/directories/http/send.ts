import type { AxiosError } from 'axios';
import { decodeText } from '../../core/decode-text.ts';
import type { ProxyTrouble } from '../../outgoing/proxy.ts';
import type { Way } from '../../outgoing/ways.ts';
import type { RawAnswer, TransportProblem } from './classify.ts';

/** The largest answer: a page of users is smaller. */
const largestAnswerBytes = 16 * 1024 * 1024;

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a form by POST; a GET without it. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly way: Way;
}

export type Sent =
  | { readonly arrived: true; readonly answer: RawAnswer; readonly headers: ResponseHeaders }
  | { readonly arrived: false; readonly problem: TransportProblem };

export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Sends one request and reads its whole answer within `deadlineMs`. Follows no redirect, which would pass on the
 * credential. What a proxy says instead of the host is no answer. Never throws.
 */
export async function send(outgoing: Outgoing): Promise<Sent> {
  const { deadlineMs, way } = outgoing;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    // Loaded only here: most commands send no request, and loading takes a fifth of a second.
    const { default: axios } = await import('axios');
    const response = await axios.request<Buffer>({
      url: outgoing.url,
      method: outgoing.form === undefined ? 'GET' : 'POST',
      headers: { ...outgoing.headers },
      data: outgoing.form === undefined ? undefined : new URLSearchParams(outgoing.form).toString(),
      signal: AbortSignal.any([outgoing.signal, deadline.signal]),
      ...way.request,
      maxRedirects: 0,
      maxContentLength: largestAnswerBytes,
      responseType: 'arraybuffer',
      validateStatus: () => true,
    });
    const trouble = way.troubleAt(response.status);
    if (trouble !== null) return { arrived: false, problem: asProblem(trouble) };
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
    return { arrived: false, problem: describe(error, way) };
  } finally {
    clearTimeout(timer);
  }
}

/** Takes only the code and the message: axios errors carry the request with its credential. */
function describe(error: unknown, way: Way): TransportProblem {
  const { code = 'UNKNOWN', message } = error as AxiosError;
  if (message.startsWith('maxContentLength')) {
    const reason = `sent an answer larger than ${largestAnswerBytes / 1024 / 1024} MB`;
    return { code: 'TOO_LARGE', reason };
  }
  const trouble = way.troubleIn(error);
  if (trouble !== null) return asProblem(trouble);
  return { code, reason: `broke off the connection: ${message || code}` };
}

function asProblem({ code, message }: ProxyTrouble): TransportProblem {
  return { code, reason: message };
}

function textHeaders(headers: object): ResponseHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
