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

/** Viewers of each worker, by its number. */
export async function viewersOf(url: string): Promise<Map<number, number>> {
  const text = await (await fetch(new URL('metrics', url))).text();
  const found = text.matchAll(/^tablecast_worker_viewers\{worker="(\d+)"\} (\d+)$/gm);
  return new Map([...found].map(([, worker, viewers]) => [Number(worker), Number(viewers)]));
}

export function ended(pid: number): Promise<unknown> {
  return waitFor(() => !isAlive(pid), { what: `process ${pid} to end` });
}
