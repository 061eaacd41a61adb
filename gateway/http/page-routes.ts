import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * The page, as it was built, and beside it what others take from here: `client.js`, the client for other pages, and
 * `tablecast.py`. Files under `assets/` have a hash in their name and never change.
 */
export async function pageRoutes(
  app: FastifyInstance,
  options: { readonly directory: string },
): Promise<void> {
  if (!existsSync(join(options.directory, 'index.html'))) {
    app.get('/', async (_, reply) =>
      reply.type('text/plain').send('The page is not built; run npm run build.\n'),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: ['', '../client', '../python']
      .map((folder) => join(options.directory, folder))
      .filter((folder) => existsSync(folder)),
    wildcard: false,
    setHeaders: (response, path) => {
      void response.header(
        'cache-control',
        relative(options.directory, path).startsWith('assets') ? IMMUTABLE : 'no-cache',
      );
    },
  });
}
