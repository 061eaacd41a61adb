import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { Draining } from '../../gateway/http/draining.ts';
import { registerForwarded, registerForwarding } from '../../gateway/http/forwarding.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test.each([
  [false, 500, 'internal'],
  [true, 503, 'shutting_down'],
])(
  'a request whose passing on fails (while it stops: %s) is answered %i',
  async (isStopping, status, code) => {
    const directory = mkdtempSync(join(tmpdir(), 'forwarding-'));
    closing.push(() => rmSync(directory, { recursive: true }));
    const socketPath = join(directory, 'first');
    const draining = new Draining();
    const first = createServer((request) => {
      draining.isStopping = isStopping;
      request.socket.destroy();
    }).listen(socketPath);
    closing.push(() => first.close());
    await once(first, 'listening');
    const app = fastify();
    registerForwarding(app, socketPath, draining);
    app.get('/', () => 'never');
    closing.push(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(url);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  },
);

test('the process that answers leaves it to workers to close an idle connection', async () => {
  const app = fastify({ keepAliveTimeout: 72_000 });
  registerForwarded(app);
  await app.ready();
  expect(app.server.keepAliveTimeout).toBe(0);
});
