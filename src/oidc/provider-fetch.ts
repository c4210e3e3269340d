import axios from 'axios';
import { Unavailable } from '../core/errors.ts';
import type { WayTo } from '../outgoing/ways.ts';

const timeoutMs = 10_000;
const mostBytes = 1024 * 1024;

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string> | Headers;
  readonly body?: ConstructorParameters<typeof Response>[0] | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

/** `fetch` to the provider, by the proxies of the settings. `Unavailable` when there is no answer of the provider itself. */
export function createProviderFetch(wayTo: WayTo) {
  return async (
    url: string | URL,
    { method = 'GET', headers, body, signal }: Asked,
  ): Promise<Response> => {
    const way = wayTo(String(url));
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await axios.request<Buffer>({
        url: String(url),
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(body != null && { data: await new Response(body).text() }),
        ...way.request,
        signal: AbortSignal.any([late, ...(signal == null ? [] : [signal])]),
        maxRedirects: 0,
        maxContentLength: mostBytes,
        responseType: 'arraybuffer',
        validateStatus: () => true,
      });
      const trouble = way.troubleAt(answer.status);
      if (trouble !== null) throw trouble;
      if (answer.status >= 500) throw new Error(`it answered ${answer.status}`);
      return responseOf(answer.status, answer.data, answer.headers);
    } catch (error) {
      const trouble = way.troubleIn(error) ?? error;
      const why = trouble instanceof Error ? trouble.message : String(trouble);
      throw new Unavailable(`The provider of OIDC_ISSUER can't be asked: ${why}.`, {
        cause: error,
      });
    }
  };
}

function responseOf(
  status: number,
  data: Buffer,
  given: Readonly<Record<string, unknown>>,
): Response {
  const hasBody = status !== 204 && status !== 304;
  const headers = new Headers();
  for (const name of ['content-type', 'www-authenticate', 'retry-after']) {
    if (typeof given[name] === 'string') headers.set(name, given[name]);
  }
  return new Response(hasBody ? new Uint8Array(data) : null, { status, headers });
}
