import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Relative to the folder that the file was built into. */
const HASHED = /^(assets|elements)[\\/]/;
const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * The page, as it was built, and beside it what others take from here: `client.js` and `elements.js` for other pages, and
 * `tablecast.py`. Files under `assets/` and `elements/` have a hash in their name and never change.
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
  const built = join(options.directory, '..');
  const folders = [
    options.directory,
    ...['client', 'elements', 'python'].map((folder) => join(built, folder)),
  ];
  await app.register(fastifyStatic, {
    root: folders.filter((folder) => existsSync(folder)),
    wildcard: false,
    setHeaders: (response, path) => {
      const isHashed = folders.some((folder) => HASHED.test(relative(folder, path)));
      void response.header('cache-control', isHashed ? IMMUTABLE : 'no-cache');
    },
  });
}
