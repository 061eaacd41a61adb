import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ERRORS } from '../../protocol/errors.ts';
import { startInjected } from '../gateway/injected-gateway.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { arrowSeeds } from './arrow-seeds.ts';
import { mutate } from './mutate.ts';
import { textBodyTargets } from './text-body-targets.ts';

const REQUESTS_PER_BODY_TYPE = 100;
const arrow = arrowSeeds();
const ROUTES = ['/tables/t?op=append', '/tables/t?key=a', '/tables/u?op=replace', '/update_data?table=t'];

const bodies = [
  { type: 'application/vnd.apache.arrow.stream', kind: 'bytes' as const, seeds: arrow },
  { type: 'application/vnd.apache.arrow.file', kind: 'bytes' as const, seeds: arrow },
  ...textBodyTargets.map(({ name, seeds }) => ({
    type: name === 'csv' ? 'text/csv' : name === 'json' ? 'application/json' : 'application/x-ndjson',
    kind: 'text' as const,
    seeds,
  })),
  {
    type: 'application/x-www-form-urlencoded',
    kind: 'text' as const,
    seeds: [Buffer.from('token=abc&next=%2F')],
  },
];

test.each(bodies)(
  'mutated bodies of $type are taken or answered with a problem that says why',
  async (body) => {
    const { app, close } = await startInjected({ maxAgeMs: 60_000, maxBytes: 1 << 20 });
    for (let i = 0; i < REQUESTS_PER_BODY_TYPE; i++) {
      const random = new SeededRandom(i);
      const plain = mutate(body.seeds, body.kind, random);
      const isZipped = random.below(4) === 0;
      const payload = Buffer.from(isZipped ? mutateSometimes(gzipSync(plain), random) : plain);
      const url = body.type.includes('form') ? '/login' : random.pick(ROUTES);
      const encoding = isZipped ? { 'content-encoding': 'gzip' } : {};
      const headers = { host: 'localhost', 'content-type': body.type, ...encoding };
      const response = await app.inject({ method: 'POST', url, headers, payload });
      const about = `body ${i} of ${body.type}: ${response.statusCode} ${response.body.slice(0, 300)}`;
      expect(response.statusCode, about).toBeLessThan(500);
      if (response.statusCode < 400 || url === '/login') continue;
      const { code, detail } = response.json<{ code: keyof typeof ERRORS; detail: string }>();
      expect(ERRORS[code]?.status, about).toBe(response.statusCode);
      expect(detail, about).not.toBe('');
    }
    expect((await app.inject({ url: '/healthz', headers: { host: 'localhost' } })).statusCode).toBe(200);
    await close();
  },
);

function mutateSometimes(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  return random.below(2) === 0 ? bytes : mutate([bytes], 'bytes', random);
}
