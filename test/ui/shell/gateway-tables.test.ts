import { afterEach, describe, expect, it } from 'vitest';
import {
  type GatewayTable,
  type GatewayTables,
  pollGatewayTables,
} from '../../../ui/shell/gateway-tables.ts';
import { createFakeClock } from '../fake-clock.ts';

const ERROR = { code: 'type_mismatch', detail: 'column "n" differs', at_ms: 5 };

function createPoll(answers: Record<string, unknown>) {
  const clock = createFakeClock();
  const page = { isVisible: true };
  const asked: string[] = [];
  const tables: ReadonlyMap<string, GatewayTable>[] = [];
  const rejections: number[] = [];
  const poll = pollGatewayTables({
    baseUrl: 'http://host/base/',
    fetch: async (input) => {
      const path = String(input).replace('http://host/base/', '');
      asked.push(path);
      if (answers[path] === undefined) throw new TypeError('no line');
      return Response.json(answers[path]);
    },
    after: clock.after,
    isVisible: () => page.isVisible,
    onTables: (found) => tables.push(found),
    onRejections: (count) => rejections.push(count),
  });
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { clock, page, asked, tables, rejections, poll, settle };
}

describe('asking the gateway for its tables', () => {
  let open: GatewayTables | null = null;
  afterEach(() => open?.close());

  it('tells what waits and what was refused', async () => {
    const { poll, tables, rejections, settle } = createPoll({
      tables: {
        tables: [{ name: 'a', rows: 3, staged: 2, last_publication_ms: 7, last_error: ERROR }, 'nonsense'],
      },
      rejections: { count: 4, rejections: [] },
    });
    open = poll;
    await settle();
    const lastError = { code: ERROR.code, detail: ERROR.detail, atMs: 5 };
    expect([...tables[0]!.values()]).toEqual([
      { name: 'a', rows: 3, staged: 2, lastPublicationMs: 7, lastError },
    ]);
    expect(rejections).toEqual([4]);
  });

  it('happens every two seconds while the page is visible, and not while it is hidden', async () => {
    const { poll, clock, page, asked, settle } = createPoll({
      tables: { tables: [] },
      rejections: { count: 0 },
    });
    open = poll;
    await settle();
    const count = () => asked.filter((path) => path === 'tables').length;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(2);
    page.isVisible = false;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(2);
    page.isVisible = true;
    clock.advance(2000);
    await settle();
    expect(count()).toBe(3);
  });

  it('goes on after a failure, in silence, until it is closed', async () => {
    const { poll, clock, asked, tables, settle } = createPoll({});
    open = poll;
    await settle();
    clock.advance(2000);
    await settle();
    expect(asked).toEqual(['tables', 'tables']);
    expect(tables).toEqual([]);
    poll.close();
    poll.close();
    clock.advance(10_000);
    await settle();
    expect(asked.length).toBe(2);
  });
});
