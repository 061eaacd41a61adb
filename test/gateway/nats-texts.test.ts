import type { KV, KvEntry } from '@nats-io/kv';
import { expect, test } from 'vitest';
import { openSharedDashboards } from '../../gateway/dashboards/open-dashboards.ts';
import { NatsTexts } from '../../gateway/log/nats/nats-texts.ts';
import { waitFor } from '../support/wait-for.ts';

const keyOf = (name: string) => `p.${Buffer.from(name).toString('base64url')}`;

/** A bucket whose changes and answers come when the test says so. */
class FakeBucket {
  #changes: KvEntry[] = [];
  #wake = () => {};
  readonly held = new Map<string, KvEntry>();
  answer: (revision: number) => void = () => {};

  entry(name: string, text: string, revision: number): KvEntry {
    return { key: keyOf(name), operation: 'PUT', revision, string: () => text } as unknown as KvEntry;
  }

  change(name: string, text: string, revision: number): void {
    this.#changes.push(this.entry(name, text, revision));
    this.#wake();
  }

  async *watch() {
    for (;;) {
      while (this.#changes.length > 0) yield this.#changes.shift()!;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  keys = async () => [...this.held.keys()];
  get = async (key: string) => this.held.get(key) ?? null;
  create = () =>
    new Promise<number>((resolve) => {
      this.answer = resolve;
    });
  update = this.create;
  delete = this.create;
}

async function opened(prepare: (bucket: FakeBucket) => void = () => {}) {
  const bucket = new FakeBucket();
  prepare(bucket);
  const faults: unknown[] = [];
  const texts = await NatsTexts.open(bucket as unknown as KV, 'p', (error) => faults.push(error));
  return { bucket, texts, faults };
}

const dashboard = (title: string) =>
  JSON.stringify({ saved_at_ms: 1, text: JSON.stringify({ panels: [], title }) });

function dashboardsOn(texts: NatsTexts) {
  const unreadable: string[] = [];
  const store = openSharedDashboards(texts, {
    now: () => 1,
    onChange: () => {},
    onUnreadable: ({ message }) => unreadable.push(message),
  });
  return { store, unreadable };
}

test.each(['mine', null])(
  'what came after a change of %j stays, though its answer comes later',
  async (text) => {
    const { bucket, texts } = await opened((at) => at.held.set(keyOf('a'), at.entry('a', 'first', 1)));
    const setting = texts.set('a', text);
    bucket.change('a', 'theirs', 3);
    await waitFor(() => texts.all().get('a') === 'theirs', { what: 'the later change' });
    bucket.answer(2);
    expect(await setting).toBe(true);
    expect(texts.all().get('a')).toBe('theirs');
  },
);

test('a dashboard that another gateway saves after this one stays, though the answer comes later', async () => {
  const { bucket, texts } = await opened();
  const { store } = dashboardsOn(texts);
  const putting = store.put('a', '{"panels":[],"title":"mine"}', {});
  await waitFor(() => bucket.answer.length === 1, { what: 'the change' });
  bucket.change('a', dashboard('theirs'), 3);
  await waitFor(() => store.dashboards.has('a'), { what: 'the later change' });
  bucket.answer(2);
  await putting;
  expect(store.get('a').dashboard.title).toBe('theirs');
});

test('a listener that fails does not end the following', async () => {
  const { bucket, texts, faults } = await opened();
  const heard: string[] = [];
  texts.onChange((name) => {
    heard.push(name);
    if (name === 'bad') throw new Error('no');
  });
  bucket.change('bad', 'x', 1);
  bucket.change('good', 'y', 2);
  await waitFor(() => heard.length === 2, { what: 'both changes' });
  expect(faults).toEqual([new Error('no')]);
});

test('dashboards that cannot be read are left out and said, and not overwritten; the others are there', async () => {
  const newer = JSON.stringify({ saved_at_ms: 1, text: '{"panels":[{"kind":"of the future"}]}' });
  const { bucket, texts, faults } = await opened((at) => {
    at.held.set(keyOf('newer'), at.entry('newer', newer, 1));
    at.held.set(keyOf('no json'), at.entry('no json', '{', 2));
    at.held.set(keyOf('good'), at.entry('good', dashboard('good'), 3));
  });
  const { store, unreadable } = dashboardsOn(texts);
  expect([...store.dashboards.keys()]).toEqual(['good']);
  expect(unreadable).toHaveLength(2);
  expect(unreadable[0]).toContain('"newer"');
  await expect(store.put('newer', '{"panels":[]}', {})).rejects.toMatchObject({ code: 'dashboard_changed' });
  bucket.change('good', newer, 4);
  bucket.change('next', dashboard('next'), 5);
  await waitFor(() => store.dashboards.has('next'), { what: 'the next dashboard' });
  expect([...store.dashboards.keys()]).toEqual(['next']);
  bucket.change('newer', dashboard('older again'), 6);
  await waitFor(() => store.dashboards.has('newer'), { what: 'what can be read again' });
  expect(faults).toEqual([]);
});
