import { describe, expect, test } from 'vitest';
import type { ThresholdEvent } from '../../gateway/thresholds/threshold-monitor.ts';
import { Webhook, type WebhookOptions } from '../../gateway/thresholds/webhook.ts';
import { webhookBody } from '../../gateway/thresholds/webhook-body.ts';
import { waitFor } from '../support/wait-for.ts';

const event = (version: number): ThresholdEvent => ({
  owner: 'floor',
  threshold: { table: 'prices', column: 'price', is: '>', value: '100', level: 'critical' },
  state: 'started',
  key: [{ column: '__proto__', text: 'A"', json: '"A\\""' }],
  row: null,
  value: { column: 'price', text: '9007199254740993', json: '9007199254740993' },
  version,
  atMs: 5,
});

interface Call {
  readonly version: number;
  readonly redirect: string | undefined;
  answer(status: number): void;
}

function started(options: Partial<WebhookOptions> = {}) {
  const calls: Call[] = [];
  const failures: string[] = [];
  const answerCall = (_: unknown, init?: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      const { version } = JSON.parse(String(init?.body)) as { version: number };
      calls.push({
        version,
        redirect: init?.redirect,
        answer: (status) => resolve(new Response(status === 204 ? null : 'x', { status })),
      });
    });
  const webhook = new Webhook({
    url: new URL('http://hook.example/secret'),
    fetch: answerCall,
    random: () => 0,
    onFailed: (reason) => failures.push(reason),
    firstDelayMs: 1,
    ...options,
  });
  const call = (index: number) => waitFor(() => calls[index], { what: `call ${index}` });
  return { webhook, calls, failures, call };
}

describe('the webhook', () => {
  test('is called once for each event, in their order, and follows no redirect', async () => {
    const { webhook, calls, call } = started();
    webhook.tell(event(1));
    webhook.tell(event(2));
    expect((await call(0)).version).toBe(1);
    expect([calls.length, webhook.waiting]).toEqual([1, 1]);
    calls[0]!.answer(204);
    const second = await call(1);
    expect([second.version, second.redirect]).toEqual([2, 'manual']);
    second.answer(200);
    await waitFor(() => webhook.counts.delivered === 2, { what: 'both' });
    await webhook.close();
  });

  test.each([500, 503, 429, 408])('is called again after %i', async (status) => {
    const { webhook, calls, call } = started();
    webhook.tell(event(1));
    (await call(0)).answer(status);
    (await call(1)).answer(200);
    await waitFor(() => webhook.counts.delivered === 1, { what: 'the second call' });
    expect(calls.map(({ version }) => version)).toEqual([1, 1]);
    await webhook.close();
  });

  test.each([400, 404, 410, 301, 307])('is given up after %i, and the next event goes on', async (status) => {
    const { webhook, call, failures } = started();
    webhook.tell(event(1));
    webhook.tell(event(2));
    (await call(0)).answer(status);
    (await call(1)).answer(200);
    await waitFor(() => webhook.counts.delivered === 1, { what: 'the next' });
    expect(webhook.counts).toEqual({ delivered: 1, failed: 1, dropped: 0 });
    expect(failures).toEqual([`It answered ${status}; given up after 1 attempts.`]);
    await webhook.close();
  });

  test('that never answers is given up after six attempts, each for its time', async () => {
    const { webhook, calls, failures } = started({ timeoutMs: 1 });
    webhook.tell(event(1));
    await waitFor(() => webhook.counts.failed === 1, { what: 'the last attempt' });
    expect(calls).toHaveLength(6);
    expect(failures).toEqual(['It did not answer in 1 ms; given up after 6 attempts.']);
    await webhook.close();
  });

  test('drops the oldest of too many that wait, and says so once', async () => {
    const { webhook, call, failures } = started({ maxCalls: 3 });
    for (let version = 1; version <= 10; version++) webhook.tell(event(version));
    expect([webhook.waiting, webhook.counts.dropped]).toEqual([3, 6]);
    expect(failures).toEqual(['More than 3 calls wait; the oldest are dropped.']);
    for (let i = 0; i < 4; i++) (await call(i)).answer(200);
    await waitFor(() => webhook.counts.delivered === 4, { what: 'the rest' });
    expect((await call(3)).version).toBe(10);
    await webhook.close();
  });

  test('ends at once while a call hangs or waits to be made again', async () => {
    const hanging = started();
    hanging.webhook.tell(event(1));
    hanging.webhook.tell(event(2));
    await hanging.call(0);
    await hanging.webhook.close();
    expect(hanging.calls).toHaveLength(1);
    const pausing = started({ firstDelayMs: 1e9 });
    pausing.webhook.tell(event(1));
    (await pausing.call(0)).answer(500);
    await pausing.webhook.close();
    pausing.webhook.tell(event(2));
    expect([pausing.calls.length, pausing.failures, pausing.webhook.counts.failed]).toEqual([1, [], 0]);
  });
});

test('a call’s body has names and values as they are, all digits', () => {
  const body = webhookBody(event(7));
  expect(body).toContain('"key":{"__proto__":"A\\""},"row":null,"value":9007199254740993,');
  expect(JSON.parse(body)).toMatchObject({
    text: 'critical: prices.price > 100 (__proto__ A"): 9007199254740993 [floor]',
    dashboard: 'floor',
    table: 'prices',
    column: 'price',
    condition: '> 100',
    level: 'critical',
    state: 'started',
    version: 7,
    at_ms: 5,
  });
});
