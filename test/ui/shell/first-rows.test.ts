import { type Signal, signal } from '@preact/signals-core';
import { afterEach, describe, expect, it } from 'vitest';
import { IpcWriter } from '../../../protocol/arrow/write-ipc.ts';
import { type FirstRowsLoader, loadFirstRows } from '../../../ui/shell/first-rows.ts';
import { createFakeClock } from '../fake-clock.ts';

const MIB = 1024 * 1024;
const EMPTY = new IpcWriter([]).stream([]);

/** A page that waits for its table, whose gateway answers when it is told to. */
function createPage({ bytes, isListed = signal(true) }: { bytes: number; isListed?: Signal<boolean> }) {
  const clock = createFakeClock();
  const awaited = signal<string | null>('long');
  const asked: string[] = [];
  const held: string[] = [];
  let answer = (_: Response): void => {};
  const loader: FirstRowsLoader = loadFirstRows({
    baseUrl: 'http://gateway/',
    fetch: (input) => {
      asked.push(String(input));
      return new Promise((resolve) => (answer = resolve));
    },
    after: clock.after,
    table: signal('long'),
    hasVersion: signal(false),
    isAwaited: (name) => awaited.value === name,
    isListed,
    sizeOf: () => ({ rows: 1000, bytes }),
    hold: (name) => {
      held.push(name);
      return () => held.splice(0);
    },
    isPaused: () => false,
  });
  const headers = { 'tablecast-version': '3', 'tablecast-rows': '1000' };
  return {
    clock,
    loader,
    asked,
    held,
    comes: () => {
      awaited.value = null;
    },
    answers: async (status = 200) => {
      answer(new Response(status === 200 ? EMPTY : null, { status, headers }));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the first rows of a table', () => {
  let page: ReturnType<typeof createPage>;

  afterEach(() => page.loader.close());

  it('are not asked for where the replica comes soon', () => {
    page = createPage({ bytes: MIB });
    page.clock.advance(200);
    page.comes();
    page.clock.advance(1000);
    expect([page.asked, page.held]).toEqual([[], []]);
  });

  it('are asked for where it does not, beside the snapshot', async () => {
    page = createPage({ bytes: MIB });
    page.clock.advance(250);
    expect([page.asked.length, page.held]).toEqual([1, []]);
    await page.answers();
    expect(page.loader.rows.value?.rowCount).toBe(1000);
  });

  it('of a long table are asked for at once, and its snapshot after them', async () => {
    page = createPage({ bytes: 100 * MIB });
    expect(page.asked).toEqual(['http://gateway/tables/long.arrow?limit=200']);
    expect(page.held).toEqual(['long']);
    await page.answers();
    expect([page.loader.rows.value?.rowCount, page.held]).toEqual([1000, []]);
  });

  it('hold a snapshot back too until it is known how long the table is', () => {
    const isListed = signal(false);
    page = createPage({ bytes: 100 * MIB, isListed });
    expect([page.asked, page.held]).toEqual([[], ['long']]);
    isListed.value = true;
    expect([page.asked.length, page.held]).toEqual([1, ['long']]);
  });

  it('hold it back no longer where the table is short, or nothing tells', () => {
    const isListed = signal(false);
    page = createPage({ bytes: MIB, isListed });
    isListed.value = true;
    expect(page.held).toEqual([]);
    page.loader.close();
    page = createPage({ bytes: MIB, isListed: signal(false) });
    page.clock.advance(500);
    expect(page.held).toEqual([]);
  });

  it('hold no snapshot back where they cannot be had', async () => {
    page = createPage({ bytes: 100 * MIB });
    await page.answers(500);
    expect([page.loader.rows.value, page.held]).toEqual([null, []]);
  });

  it('hold no snapshot back for long', () => {
    page = createPage({ bytes: 100 * MIB });
    page.clock.advance(500);
    expect(page.held).toEqual([]);
  });

  it('hold nothing back once nobody waits for them', () => {
    page = createPage({ bytes: 100 * MIB });
    page.loader.close();
    expect(page.held).toEqual([]);
  });
});
