import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { prepareRecord } from '../../gateway/log/log-record.ts';
import { GroupAssembler } from '../../gateway/log/nats/group-assembler.ts';
import { decodeGroup } from '../../gateway/log/nats/group-codec.ts';
import { GroupSender } from '../../gateway/log/nats/group-sender.ts';
import type { GroupHead } from '../../gateway/log/nats/log-stream.ts';
import { TablecastError } from '../../protocol/errors.ts';

const part = (number: number, timeMs: number) => ({
  sender: 'a',
  group: 1,
  after: 0,
  part: number,
  parts: 2,
  bytes: new Uint8Array([number]),
  sequence: timeMs,
  timeMs,
});

// The servers drop a part that is sent again within 120 s, and take it as a new one after that.
test.each([
  [
    [0, 1],
    [1, 121_000],
  ],
  [
    [0, 1],
    [0, 500_000],
    [1, 1_000_000],
  ],
] as const)('parts that come with long breaks between make a group all the same: %j, %j', (...sent) => {
  const assembler = new GroupAssembler();
  const whole = sent.map(([number, timeMs]) => assembler.add(part(number, timeMs)));
  const made = whole.map((groups) => groups.map(({ group, parts }) => [group, parts.length]));
  expect(made).toEqual([...sent.slice(1).map(() => []), [[1, 2]]]);
});

test('a group of which no part comes for long is forgotten', () => {
  const assembler = new GroupAssembler();
  assembler.add(part(0, 1));
  assembler.add({ ...part(1, 700_000), sender: 'b' });
  expect(assembler.readFrom(800_000)).toBe(700_000);
});

describe('groups of one sender that come to stand in another order', () => {
  let sequence = 0;
  /** The groups whose turn it is with each message in turn: [group, after, part, parts]. */
  const folded = (assembler: GroupAssembler, ...messages: (readonly [number, number, number?, number?])[]) =>
    messages.map(([group, after, number = 0, parts = 1]) => {
      sequence++;
      const message = { ...part(number, sequence), group, after, parts };
      return assembler.add(message).map((whole) => whole.group);
    });

  test('are folded in the order in which they were sent, where the one that was missing stands', () => {
    expect(folded(new GroupAssembler(), [3, 2], [2, 1], [1, 0], [4, 3], [2, 1])).toEqual([
      [],
      [],
      [1, 2, 3],
      [4],
      [],
    ]);
  });

  test('wait for the last part of the one before', () => {
    const messages = [
      [1, 0, 1, 2],
      [2, 1, 0, 2],
      [2, 1, 1, 2],
      [1, 0, 0, 2],
    ] as const;
    expect(folded(new GroupAssembler(), ...messages)).toEqual([[], [], [], [1, 2]]);
  });

  test('leave out what the sender gave up, also where it comes after all', () => {
    // 2 was given up, and 3 with it, for it waits for 2; so 4 waits for 1.
    expect(folded(new GroupAssembler(), [3, 2], [4, 1], [2, 1], [1, 0], [2, 1], [3, 2], [5, 4])).toEqual([
      [],
      [],
      [],
      [1, 4],
      [],
      [],
      [5],
    ]);
  });

  test('make the same of themselves for whoever begins with a snapshot between them', () => {
    const messages = [
      [3, 2],
      [1, 0, 0, 2],
      [2, 1],
      [1, 0, 1, 2],
      [4, 0],
    ] as const;
    const whole = messages.map((_, cut) => {
      const first = new GroupAssembler();
      sequence = 0;
      const before = folded(first, ...messages.slice(0, cut));
      const readFrom = first.readFrom(cut + 1);
      sequence = readFrom - 1;
      const second = new GroupAssembler(first.senders());
      // What stands before the snapshot's end is folded already, and read again for what is unfinished.
      const after = folded(second, ...messages.slice(readFrom - 1)).slice(cut - readFrom + 1);
      return [...before, ...after];
    });
    expect(whole).toEqual(messages.map(() => [[], [], [], [1, 2, 3], [4]]));
  });
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Append {
  readonly head: GroupHead;
  readonly rows: number;
  stored(): void;
  lost(): void;
  refused(): void;
}

/** A sender on a stream that stores nothing until it is told to. Each entry has a number of its own. */
function senderOn({ away = null }: { readonly away?: Promise<void> | null } = {}) {
  const appends: Append[] = [];
  const failed: [number, string][] = [];
  const sender = new GroupSender({
    sender: 'a',
    stream: {
      append: (head, bytes) =>
        new Promise((resolve, reject) => {
          appends.push({
            head,
            rows: decodeGroup(bytes).length,
            stored: resolve,
            lost: () => reject(new Error('nobody knows')),
            refused: () => reject(new TablecastError('log_write_failed', 'The stream is full.')),
          });
        }),
      away: () => away,
    },
    onFailed: (entries, { code }) => {
      for (const { record } of entries) failed.push([numbers.get(record) ?? 0, code]);
    },
  });
  const numbers = new Map<unknown, number>();
  return {
    sender,
    appends,
    failed,
    /** The heads that were appended since this was asked last. */
    sent: () => appends.splice(0).map(({ head: { group, after } }) => [group, after]),
    async append(number: number, { isPatient = false, bytes = 0 } = {}) {
      const record = prepareRecord({ header: {}, blobs: [new Uint8Array(bytes)] });
      numbers.set(record, number);
      const entry = { publications: [], commit: null, isPatient };
      sender.append({ entry, record, folded: undefined, failed: undefined });
      await vi.advanceTimersByTimeAsync(1);
    },
  };
}

describe('several groups under way', () => {
  test('each names the one before it that is not folded', async () => {
    const { sender, append, sent } = senderOn();
    for (const number of [1, 2, 3]) await append(number);
    expect(sent()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    for (const group of [1, 2, 3]) expect(sender.take(group)).toHaveLength(1);
    await append(4);
    expect(sent()).toEqual([[4, 0]]);
  });

  test('are few while they are small, so that what comes meanwhile makes a larger one', async () => {
    const { appends, append } = senderOn();
    for (let number = 1; number <= 20; number++) await append(number);
    expect(appends.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
    appends[0]!.stored();
    await vi.advanceTimersByTimeAsync(1);
    expect(appends.map(({ rows }) => rows)).toEqual([1, 1, 1, 1, 16]);
  });

  test('are as many as there is room for where they are full', async () => {
    const { appends, append } = senderOn();
    for (let number = 1; number <= 60; number++) await append(number, { bytes: 200_000 });
    expect(appends.length).toBeGreaterThan(30);
    expect(appends.length).toBeLessThan(50);
  });

  test('are sent again from the one on of which nobody knows, under their names and in their order', async () => {
    const { sender, appends, append, sent } = senderOn();
    for (const number of [1, 2, 3]) await append(number);
    const [first, second, third] = appends;
    third!.stored();
    second!.lost();
    await append(4);
    expect(sent()).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(250);
    expect(sent()).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
    first!.stored();
    for (const group of [1, 2, 3, 4]) sender.take(group);
    await sender.drained();
  });

  test('a group that is refused takes those after it with it, and none that comes later waits for them', async () => {
    const { sender, appends, append, sent, failed } = senderOn();
    for (const number of [1, 2, 3]) await append(number, { isPatient: number === 3 });
    const [first, second, third] = appends.splice(0);
    third!.stored();
    second!.refused();
    await vi.advanceTimersByTimeAsync(1);
    expect(failed).toEqual([
      [2, 'log_write_failed'],
      [3, 'log_write_failed'],
    ]);
    await append(4);
    expect(sent()).toEqual([[4, 1]]);
    first!.stored();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent()).toEqual([]);
    expect([sender.take(1), sender.take(2), sender.take(4)]).toMatchObject([[{}], null, [{}]]);
  });

  test('while one of them is patient those before it are sent on with it, though nobody waits for them', async () => {
    const { sender, appends, append, sent, failed } = senderOn({ away: new Promise(() => {}) });
    await append(1);
    await append(2, { isPatient: true });
    await append(3);
    for (let round = 0; round < 60; round++) {
      for (const { lost } of appends) lost();
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(failed).toEqual([
      [1, 'log_unavailable'],
      [3, 'log_unavailable'],
    ]);
    expect(sent().slice(-2)).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect([sender.take(1), sender.take(2), sender.take(3)]).toMatchObject([[{}], [{}], null]);
  });
});

test.each([true, false])(
  'what is stored and never folded is not waited for without end, nor what waits for it (patient: %s)',
  async (isPatient) => {
    const { sender, appends, append, sent, failed } = senderOn();
    await append(1, { isPatient });
    appends[0]!.stored();
    await vi.advanceTimersByTimeAsync(300_000);
    await append(2, { isPatient });
    appends[1]!.stored();
    await vi.advanceTimersByTimeAsync(290_000);
    expect([sent().length, failed]).toEqual([2, []]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(failed).toEqual([
      [1, 'log_unavailable'],
      [2, 'log_unavailable'],
    ]);
    await append(3, { isPatient });
    expect(sent()).toEqual([[3, 0]]);
    sender.take(3);
    await sender.drained();
  },
);
