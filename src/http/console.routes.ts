import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * The strict policy of the console's pages: all is from here, nothing is inline, no text becomes HTML. The policy
 * `rollcall` of the page lets through the address of its worker alone.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types rollcall',
  "worker-src 'self'",
].join('; ');

/** Paths that are not the console's: there an address that names nothing is told as a problem. */
const notConsole = /^\/(?:api|scim|ops|assets|metrics|healthz|readyz)(?:[/?]|$)/;

/** The files of the console that stand beside its assets. */
const files = ['theme.js', 'mark.svg'] as const;

/** dist/web, seen from the sources and from dist/src; null where it was not built. */
function builtConsole(): string | null {
  const folders = ['../../dist/web', '../../web'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return folders.find((folder) => existsSync(`${folder}/assets`)) ?? null;
}

/** The console's files, read once. */
export interface ConsolePages {
  /** Adds the page at `/` and what it loads. */
  addRoutes(app: FastifyInstance): Promise<void>;
  /** Whether a request for an unknown address is a browser's for a screen of the console. */
  isFor(request: FastifyRequest): boolean;
  send(reply: FastifyReply): FastifyReply;
}

/** Opens the built console; null where it was not built, as in a unit test. */
export async function openConsole(): Promise<ConsolePages | null> {
  const root = builtConsole();
  if (root === null) return null;
  const page = await readFile(`${root}/index.html`);
  return {
    // A context of its own: the queue board serves files too.
    addRoutes: async (app) => {
      await app.register(async (own) => {
        await own.register(fastifyStatic, { root, serve: false, preCompressed: true });
        own.get('/', async (_request, reply) => sendPage(reply, page));
        own.get<{ Params: { '*': string } }>('/assets/*', async ({ params }, reply) =>
          withPolicy(reply).sendFile(`assets/${params['*']}`, { immutable: true, maxAge: '365d' }),
        );
        for (const file of files) {
          own.get(`/${file}`, async (_request, reply) => withPolicy(reply).sendFile(file));
        }
      });
    },
    isFor: asksForScreen,
    send: (reply) => sendPage(reply, page),
  };
}

function asksForScreen({ method, url, headers }: FastifyRequest): boolean {
  const isPage = headers.accept?.includes('text/html') === true;
  return (method === 'GET' || method === 'HEAD') && isPage && !notConsole.test(url);
}

/** The page holds no data; its script reads the address. */
function sendPage(reply: FastifyReply, page: Buffer): FastifyReply {
  return withPolicy(reply)
    .code(200)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .send(page);
}

const withPolicy = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', policy);
