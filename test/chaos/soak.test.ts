import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { startSoakLoad } from './soak-load.ts';
import { type Sample, slopeMbPerHour, writeReport } from './soak-report.ts';

/** `npm run soak -- --minutes 60` is the long run, which tells by how much memory grows. */
const minutes = Number(process.env.TABLECAST_SOAK_MINUTES ?? 0.04);
const isLong = process.env.TABLECAST_SOAK_MINUTES !== undefined;
const FOLDER = path.join(projectRoot, '.cache', 'soak');
const MAX_SAMPLES = 720;
const MB = 1e6;

async function sampled(gateway: SpawnedGateway): Promise<Pick<Sample, 'rssMb' | 'heapMb' | 'externalMb'>> {
  const text = await (await fetch(new URL('metrics', gateway.url))).text();
  const mbOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / MB;
  return {
    rssMb: mbOf('tablecast_process_resident_memory_bytes'),
    heapMb: mbOf('tablecast_nodejs_heap_size_used_bytes'),
    externalMb: mbOf('tablecast_nodejs_external_memory_bytes'),
  };
}

test(
  'a gateway under a day’s load answers to the end, and its memory is written down',
  async () => {
    const gateway = await spawnGateway({ connect: 'none', bind: 'none' });
    const load = startSoakLoad(gateway);
    await waitFor(() => load.viewers() > 1 && load.rowsSent() > 0, { what: 'the load', timeoutMs: 60_000 });
    const samples: Sample[] = [];
    const startedAtMs = performance.now();
    const periodMs = Math.max(500, (minutes * 60_000) / MAX_SAMPLES);
    while (performance.now() - startedAtMs < minutes * 60_000) {
      await delay(periodMs);
      const elapsedS = (performance.now() - startedAtMs) / 1000;
      samples.push({
        elapsedS,
        ...(await sampled(gateway)),
        viewers: load.viewers(),
        rowsSent: load.rowsSent(),
      });
      if (isLong) writeReport(FOLDER, samples);
    }
    await load.close();
    writeReport(FOLDER, samples);
    if (isLong) {
      const slope = slopeMbPerHour(samples).toFixed(1);
      const { rssMb, rowsSent } = samples.at(-1)!;
      console.log(
        `${minutes} minutes, ${rowsSent} rows: ${slope} MB an hour after the warm-up, ${rssMb.toFixed(0)} MB at the end`,
      );
      console.log(`${FOLDER}/soak.csv, ${FOLDER}/soak.svg`);
    }
    expect(load.faults).toEqual([]);
    expect(readFileSync(path.join(FOLDER, 'soak.csv'), 'utf8').trim().split('\n')).toHaveLength(
      samples.length + 1,
    );
    expect(samples.every(({ rssMb, heapMb }) => rssMb > heapMb && heapMb > 0)).toBe(true);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  },
  minutes * 120_000 + 120_000,
);
