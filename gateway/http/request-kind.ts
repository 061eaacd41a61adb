import type { FastifyRequest } from 'fastify';

/** Whether a request changes something: by its method, and `/update_data` by any. */
export function isWriting({ method, routeOptions }: FastifyRequest): boolean {
  const isReadingMethod = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  return !isReadingMethod || routeOptions.url === '/update_data';
}

/** Whether it asks for a line that stays open: `/live` and `/events`. */
export function isLine({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === '/live' || routeOptions.url === '/events';
}
