import { SourceError } from '../../core/errors.ts';
import type { HttpClient, HttpClientOptions } from './client.ts';
import type { JsonRequest } from './json-request.ts';

/** How long after the first refusal the credential is checked again. */
const apartMs = 6_000;

interface Proof extends Pick<HttpClientOptions, 'pause' | 'signal'> {
  /** The cheapest request that any working credential may make. */
  readonly check: JsonRequest<unknown>;
}

/**
 * A client whose `auth` errors are certain. One refusal may be a slip of the source, so the credential counts as
 * refused only when its check is refused twice, some seconds apart. When the check is answered, the request that was
 * refused has failed for another reason.
 */
export function proveRefusals(client: HttpClient, proof: Proof): HttpClient {
  const { check, pause, signal } = proof;
  let checking: Promise<unknown> | null = null;

  async function askAgain<T>(request: JsonRequest<T>): Promise<T> {
    await pause(apartMs, signal);
    return client.get(request).catch((error: unknown) => {
      throw asCertain(error);
    });
  }

  /** Requests that are refused at the same time share one check. */
  function checkTwice(): Promise<unknown> {
    checking ??= client
      .get(check)
      .catch((error: unknown) => (isRefusal(error) ? askAgain(check) : Promise.reject(error)))
      .finally(() => {
        checking = null;
      });
    return checking;
  }

  return {
    ...client,
    async get(request) {
      try {
        return await client.get(request);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (request.route === check.route) return askAgain(request);
        await checkTwice();
        throw new SourceError(
          'retriable',
          'source-failed',
          `${error.message}; but the credential works elsewhere`,
          { cause: error },
        );
      }
    },
  };
}

/** A client that takes the first refusal as certain: for a person who waits, and when nothing follows from it. */
export function trustRefusals(client: HttpClient): HttpClient {
  return {
    ...client,
    get: (request) =>
      client.get(request).catch((error: unknown) => {
        throw asCertain(error);
      }),
  };
}

function isRefusal(error: unknown): error is SourceError {
  return error instanceof SourceError && error.kind === 'refused';
}

function asCertain(error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const { code, message, hint } = error;
  return new SourceError('auth', code, message, {
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}
