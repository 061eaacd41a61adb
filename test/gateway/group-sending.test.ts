import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareRecord } from '../../gateway/log/log-record.ts';
import { GroupAssembler } from '../../gateway/log/nats/group-assembler.ts';
import { GroupSender } from '../../gateway/log/nats/group-sender.ts';

const part = (number: number, timeMs: number) => ({
  sender: 'a',
  group: 1,
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
  const groups = sent.map(([number, timeMs]) => assembler.add(part(number, timeMs)));
  expect(groups.map((group) => group?.length ?? null)).toEqual([...sent.slice(1).map(() => null), 2]);
});

test('a group of which no part comes for long is forgotten', () => {
  const assembler = new GroupAssembler();
  assembler.add(part(0, 1));
  assembler.add({ ...part(1, 700_000), sender: 'b' });
  expect(assembler.readFrom(800_000)).toBe(700_000);
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([true, false])(
  'what is stored and never folded is not waited for without end (patient: %s)',
  async (isPatient) => {
    const failed: string[] = [];
    let stored = 0;
    const sender = new GroupSender({
      sender: 'a',
      stream: {
        async append() {
          stored++;
        },
        away: () => null,
      },
      onFailed: (entries, error) => failed.push(...entries.map(() => error.code)),
    });
    const append = () =>
      sender.append({
        entry: { publications: [], commit: null, isPatient },
        record: prepareRecord({ header: {}, blobs: [] }),
        folded: undefined,
        failed: undefined,
      });
    append();
    await vi.advanceTimersByTimeAsync(300_000);
    append();
    await vi.advanceTimersByTimeAsync(290_000);
    expect([stored, failed]).toEqual([2, []]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(failed).toEqual(['log_unavailable']);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(failed).toEqual(['log_unavailable', 'log_unavailable']);
    await sender.drained();
  },
);
