import type { FastifyInstance } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { sendProblem } from './problem.ts';

/** Routes know nothing of the base path: it is taken off before they are looked up. */
export function withoutBasePath(url: string, basePath: string): string {
  return url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;
}

/** Refuses what is not under the base path, and leads from `/tablecast` to `/tablecast/`, where relative addresses hold. */
export function registerBasePath(app: FastifyInstance, basePath: string): void {
  if (basePath === '') return;
  app.addHook('onRequest', (request, reply, done) => {
    const [path, query] = request.originalUrl.split(/\?(.*)/s);
    if (path!.startsWith(`${basePath}/`)) return done();
    if (path === basePath)
      return void reply.redirect(`${basePath}/${query === undefined ? '' : `?${query}`}`, 308);
    const detail = `There is no route ${path}: everything is under ${basePath}/.`;
    sendProblem(reply, new TablecastError('no_such_route', detail));
  });
}
