import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SpawnedProgram } from './spawn-program.ts';

/** What a busy machine needs longer for one end, in starts and ends of a program that does nothing. */
const MAX_DELAY_IN_RUNS = 4;

export interface TimedEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isInTime: boolean;
}

/** Ends the program by a signal. It is in time where it took so long at most, apart from what the machine took longer. */
export async function endsWithin(
  maxMs: number,
  program: SpawnedProgram,
  signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM',
): Promise<TimedEnd> {
  const beganMs = performance.now();
  program.kill(signal);
  const meanwhile = bareRunMs();
  const end = await program.ended;
  const tookMs = performance.now() - beganMs;
  const delayMs = MAX_DELAY_IN_RUNS * Math.max(await meanwhile, await bareRunMs());
  return { ...end, isInTime: tookMs < maxMs + delayMs };
}

async function bareRunMs(): Promise<number> {
  const beganMs = performance.now();
  await once(spawn(process.execPath, ['--eval', '']), 'close');
  return performance.now() - beganMs;
}
