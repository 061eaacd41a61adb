import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Sample {
  readonly elapsedS: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Buffers outside of the heap. */
  readonly externalMb: number;
  readonly viewers: number;
  readonly rowsSent: number;
}

/** The first part of a run fills caches and compiles code. */
const WARM_UP_SHARE = 0.25;
const WIDTH = 800;
const HEIGHT = 300;
const MARGIN = 40;

/** By how much resident memory grows in an hour after the warm-up: the slope of the least squares line. */
export function slopeMbPerHour(samples: readonly Sample[]): number {
  const kept = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const meanX = mean(kept.map(({ elapsedS }) => elapsedS));
  const meanY = mean(kept.map(({ rssMb }) => rssMb));
  const covariance = kept.reduce((sum, { elapsedS, rssMb }) => sum + (elapsedS - meanX) * (rssMb - meanY), 0);
  const variance = kept.reduce((sum, { elapsedS }) => sum + (elapsedS - meanX) ** 2, 0);
  return variance === 0 ? 0 : (covariance / variance) * 3600;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Writes `soak.csv` and `soak.svg`. */
export function writeReport(folder: string, samples: readonly Sample[]): void {
  mkdirSync(folder, { recursive: true });
  const lines = samples.map((sample) => Object.values(sample).map(round).join(','));
  writeFileSync(
    path.join(folder, 'soak.csv'),
    `elapsed_s,rss_mb,heap_mb,external_mb,viewers,rows_sent\n${lines.join('\n')}\n`,
  );
  writeFileSync(path.join(folder, 'soak.svg'), plot(samples));
}

function plot(samples: readonly Sample[]): string {
  const maxS = Math.max(1, ...samples.map(({ elapsedS }) => elapsedS));
  const maxMb = Math.max(1, ...samples.map(({ rssMb }) => rssMb)) * 1.1;
  const line = (mbOf: (sample: Sample) => number, colour: string): string => {
    const points = samples.map((sample) => {
      const x = MARGIN + (sample.elapsedS / maxS) * (WIDTH - 2 * MARGIN);
      const y = HEIGHT - MARGIN - (mbOf(sample) / maxMb) * (HEIGHT - 2 * MARGIN);
      return `${round(x)},${round(y)}`;
    });
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(' ')}"/>`;
  };
  const text = (x: number, y: number, said: string) => `<text x="${x}" y="${y}">${said}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#888"/>`,
    line(({ rssMb }) => rssMb, '#1f6feb'),
    line(({ heapMb }) => heapMb, '#bf8700'),
    line(({ externalMb }) => externalMb, '#1a7f37'),
    text(
      MARGIN,
      MARGIN - 10,
      `${round(maxMb)} MB: resident (blue), JavaScript heap (yellow), buffers (green)`,
    ),
    text(WIDTH - 2 * MARGIN, HEIGHT - MARGIN + 20, `${round(maxS / 60)} min`),
    '</svg>',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
