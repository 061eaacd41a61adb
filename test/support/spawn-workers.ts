import { type SpawnedGateway, type SpawnGatewayOptions, spawnGateway } from './spawn-gateway.ts';
import { waitFor } from './wait-for.ts';

export interface GatewayWithWorkers extends SpawnedGateway {
  /** Of the worker that has this number now, as the gateway last said. */
  pidOf(worker: number): number;
}

const STARTED = /"worker":(\d+),"workerPid":(\d+),"msg":"a worker serves"/g;

/** A gateway of so many workers, all ready. */
export async function spawnWorkers(
  workers: number,
  { args = [], ...options }: SpawnGatewayOptions = {},
): Promise<GatewayWithWorkers> {
  const flags = ['--workers', String(workers), '--log-level', 'info', ...args];
  const gateway = await spawnGateway({ readyTimeoutMs: 120_000, ...options, args: flags });
  return {
    ...gateway,
    pidOf(worker) {
      const started = [...gateway.stderr().matchAll(STARTED)].findLast(
        ([, number]) => Number(number) === worker,
      );
      return Number(started?.[2]);
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Viewers of each worker, by its number, once they are so many together: workers tell of theirs on their own time. */
export function viewersOf(url: string, count: number): Promise<Map<number, number>> {
  return waitFor(
    async () => {
      const text = await (await fetch(new URL('metrics', url))).text();
      const found = text.matchAll(/^tablecast_worker_viewers\{worker="(\d+)"\} (\d+)$/gm);
      const viewers = new Map([...found].map(([, worker, some]) => [Number(worker), Number(some)]));
      const all = [...viewers.values()].reduce((sum, some) => sum + some, 0);
      if (all === count) return viewers;
      throw new Error(`There are ${all}.`);
    },
    { what: `${count} viewers` },
  );
}

export function ended(pid: number): Promise<unknown> {
  return waitFor(() => !isAlive(pid), { what: `process ${pid} to end` });
}
