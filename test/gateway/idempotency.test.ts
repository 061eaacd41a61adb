import { beforeEach, describe, expect, test } from 'vitest';
import { Idempotency } from '../../gateway/http/idempotency.ts';

let nowMs: number;
let idempotency: Idempotency;
let done: string[];

beforeEach(() => {
  nowMs = 0;
  done = [];
  idempotency = new Idempotency({ maxKeys: 3, maxAgeMs: 1000, now: () => nowMs });
});

/** Notes that it was done. */
function work(name: string): () => Promise<string> {
  return async () => {
    done.push(name);
    return name;
  };
}

function heldBack<T>() {
  let settle!: { resolve: (value: T) => void; reject: (error: Error) => void };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

describe('idempotency', () => {
  test('the same request again has the first answer and is not done', async () => {
    expect(await idempotency.once('k', 'f', work('first'))).toEqual({ answer: 'first', isReplayed: false });
    expect(await idempotency.once('k', 'f', work('second'))).toEqual({ answer: 'first', isReplayed: true });
    expect(await idempotency.once('other', 'f', work('third'))).toMatchObject({ isReplayed: false });
    expect(done).toEqual(['first', 'third']);
  });

  test('another request under the key is a conflict, while the first is answered too', async () => {
    const first = heldBack<string>();
    const answered = idempotency.once('k', 'f', () => first.promise);
    await expect(idempotency.once('k', 'g', work('x'))).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
    first.resolve('first');
    await answered;
    await expect(idempotency.once('k', 'g', work('x'))).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
    expect(done).toEqual([]);
  });

  test('a retry waits for the first, and has its answer', async () => {
    const first = heldBack<string>();
    const both = [idempotency.once('k', 'f', () => first.promise), idempotency.once('k', 'f', work('retry'))];
    first.resolve('first');
    expect(await Promise.all(both)).toEqual([
      { answer: 'first', isReplayed: false },
      { answer: 'first', isReplayed: true },
    ]);
    expect(done).toEqual([]);
  });

  test('what fails is not remembered: of the retries that wait one is done, and the others have its answer', async () => {
    const first = heldBack<string>();
    const failed = idempotency.once('k', 'f', () => first.promise);
    const retries = ['a', 'b', 'c'].map((name) => idempotency.once('k', 'f', work(name)));
    first.reject(new Error('no'));
    await expect(failed).rejects.toThrow('no');
    expect((await Promise.all(retries)).map(({ answer }) => answer)).toEqual(['a', 'a', 'a']);
    expect(done).toEqual(['a']);
  });

  test('the oldest are forgotten first, and those that are too old', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await idempotency.once(key, 'f', work(key));
    expect(idempotency.size).toBe(3);
    expect(await idempotency.once('b', 'f', work('again'))).toMatchObject({ isReplayed: false });
    nowMs = 1000;
    expect(await idempotency.once('d', 'f', work('again'))).toMatchObject({ isReplayed: false });
    expect(idempotency.size).toBe(1);
  });

  test('requests that are being answered are not forgotten, however many and old', async () => {
    const held = Array.from({ length: 5 }, () => heldBack<string>());
    const answers = held.map(({ promise }, i) => idempotency.once(`k${i}`, 'f', () => promise));
    nowMs = 5000;
    const retry = idempotency.once('k0', 'f', work('retry'));
    for (const { resolve } of held) resolve('first');
    expect(await retry).toEqual({ answer: 'first', isReplayed: true });
    await Promise.all(answers);
    await idempotency.once('new', 'f', work('new'));
    expect(idempotency.size).toBe(1);
  });
});
