import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { leastCpuTime } from '../support/cpu-time.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { mutate } from './mutate.ts';

/** What takes bytes from strangers. */
export interface FuzzTarget {
  readonly name: string;
  readonly kind: 'bytes' | 'text';
  /** Valid inputs. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Takes an input as the gateway does, and gives what was made of it; null where it was refused with a code.
   * Whatever else it throws is a fault.
   */
  readonly take: (bytes: Uint8Array) => unknown;
  /** Throws where what was made of the input is not what the input says. */
  readonly check?: (made: unknown, bytes: Uint8Array) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly accepted: number;
  readonly slowestMs: number;
  /** Memory that is held after the run beyond what was held after its first tenth. */
  readonly grownBytes: number;
  readonly inputsPerSecond: number;
}

/** No input may take longer. */
const MAX_TAKE_MS = 100;

/**
 * Feeds a target `count` mutated inputs; input number i is the same for the same seed, however many went before.
 *
 * @throws Error that says how to feed the same input again, which is written to `.cache/fuzz` too
 */
export function runFuzz(
  target: FuzzTarget,
  { seed, count, first = 0 }: { readonly seed: number; readonly count: number; readonly first?: number },
): FuzzResult {
  let accepted = 0;
  let slowestMs = 0;
  let heldBytes = 0;
  const startedAtMs = performance.now();
  for (let i = 0; i < count; i++) {
    if (i === Math.floor(count / 10)) heldBytes = memoryBytes();
    const number = first + i;
    const bytes = mutate(target.seeds, target.kind, new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ number));
    try {
      const { result: made, tookMs } = leastCpuTime(() => target.take(bytes), MAX_TAKE_MS);
      slowestMs = Math.max(slowestMs, tookMs);
      if (tookMs > MAX_TAKE_MS) throw new Error(`It takes ${tookMs.toFixed(0)} ms.`);
      if (made === null) continue;
      accepted++;
      target.check?.(made, bytes);
    } catch (cause) {
      throw faultOf(target, { seed, number, bytes }, cause);
    }
  }
  const tookMs = performance.now() - startedAtMs;
  return {
    inputs: count,
    accepted,
    slowestMs,
    grownBytes: memoryBytes() - heldBytes,
    inputsPerSecond: (count / tookMs) * 1000,
  };
}

function faultOf(
  { name }: FuzzTarget,
  { seed, number, bytes }: { readonly seed: number; readonly number: number; readonly bytes: Uint8Array },
  cause: unknown,
): Error {
  const folder = join(projectRoot, '.cache', 'fuzz');
  const file = join(folder, `${name}-${seed}-${number}.bin`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, bytes);
  const again = `npm run fuzz -- --target ${name} --seed ${seed} --first ${number} --count 1`;
  const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new Error(`${name} fails with input ${number}, ${file}\nagain: ${again}\n${why}`, { cause });
}

let collect: (() => void) | null = null;

/** Held by JavaScript, buffers included. */
function memoryBytes(): number {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
