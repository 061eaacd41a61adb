import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { GatewayHttp } from '../client/gateway-http.ts';
import type { TableInfo } from '../client/node.ts';
import { addGatewayFlags, type GatewayFlags, gatewayHttp } from './gateway-flags.ts';
import { type GatewayRates, gatewayRates, type MetricReading, metricSums } from './metric-readings.ts';
import { bytesText, rateText } from './quantities.ts';
import { fitted } from './safe-text.ts';
import { Screen } from './screen.ts';
import { stylesFor } from './styles.ts';
import { type Surroundings, write } from './surroundings.ts';
import { tablesText } from './tables-text.ts';

const HELP = `
Examples:
  tablecast top
  tablecast top --interval-ms 200
  tablecast top | head -1                                once, for a script
`;

interface TopFlags extends GatewayFlags {
  readonly intervalMs: number;
}

interface Reading {
  readonly version: number;
  readonly tables: readonly TableInfo[];
  readonly metrics: MetricReading;
}

/** `top`: what the gateway does, again and again; once where there is no terminal. */
export function topCommand(surroundings: Surroundings): Command {
  const command = new Command('top')
    .description('Shows what the gateway does: tables, rates, viewers, what waits for them.')
    .option('--interval-ms <number>', 'time between two looks', parseInterval, 1000);
  return addGatewayFlags(command)
    .addHelpText('after', HELP)
    .action((flags: TopFlags) =>
      surroundings.stdout.isTTY ? watch(flags, surroundings) : print(flags, surroundings),
    );
}

async function print(flags: TopFlags, { stdout }: Surroundings): Promise<void> {
  const http = gatewayHttp(flags);
  const reading = await read(http);
  await write(stdout, `${linesOf(http.url, reading, null).join('\n')}\n`);
}

async function watch(flags: TopFlags, surroundings: Surroundings): Promise<void> {
  const http = gatewayHttp(flags);
  let reading = await read(http);
  let before: MetricReading | null = null;
  let failure: string | null = null;
  const quit = new AbortController();
  const ended = AbortSignal.any([quit.signal, surroundings.ended]);
  const styles = stylesFor(surroundings.env);
  const draw = (): void => {
    const { columns, rows } = screen.size;
    const lines = linesOf(http.url, reading, before, columns).slice(0, Math.max(1, rows - 1));
    if (failure !== null) lines[0] = fitted(failure, columns, 'left').trimEnd();
    while (lines.length < rows - 1) lines.push('');
    const styled = lines.map((line, i) => (i === 0 ? `${styles.strong}${line}${styles.end}` : line));
    screen.draw([...styled, `${styles.dim}q quits${styles.end}`]);
  };
  const screen = new Screen({
    input: surroundings.stdin,
    output: surroundings.stdout,
    onKey: (key) => {
      if (key === 'quit') quit.abort();
    },
    onResize: draw,
  });
  try {
    while (!ended.aborted) {
      draw();
      await delay(flags.intervalMs, null, { signal: ended }).catch(() => null);
      if (ended.aborted) break;
      try {
        const next = await read(http, ended);
        before = reading.metrics;
        reading = next;
        failure = null;
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
    }
  } finally {
    screen.close();
  }
}

async function read(http: GatewayHttp, signal?: AbortSignal): Promise<Reading> {
  const [{ version, tables }, metrics] = await Promise.all([
    http.tables(),
    http.text('metrics', signal === undefined ? {} : { signal }),
  ]);
  const busiestFirst = tables.toSorted((a, b) => b.rows_per_s - a.rows_per_s || (a.name < b.name ? -1 : 1));
  return { version, tables: busiestFirst, metrics: { atMs: performance.now(), sums: metricSums(metrics) } };
}

function linesOf(
  url: URL,
  { version, tables, metrics }: Reading,
  before: MetricReading | null,
  width?: number,
): string[] {
  const heading = `${url.href}  version ${version}  ${counted(tables.length, 'table')}  ${ratesText(gatewayRates(metrics, before))}`;
  return [
    width === undefined ? heading : fitted(heading, width, 'left').trimEnd(),
    '',
    ...tablesText(tables, Date.now(), width),
  ];
}

function ratesText({ viewers, queuedBytes, maxQueuedBytes, perSecond }: GatewayRates): string {
  const people = `${counted(viewers, 'viewer')}  ${bytesText(queuedBytes)} queued (most ${bytesText(maxQueuedBytes)})`;
  if (perSecond === null) return people;
  const { rows, commits, sentBytes } = perSecond;
  return `${people}  ${rateText(rows)} rows/s  ${rateText(commits)} commits/s  ${bytesText(sentBytes)}/s sent`;
}

function parseInterval(text: string): number {
  if (/^\d{1,8}$/.test(text) && Number(text) >= 100) return Number(text);
  throw new InvalidArgumentError('It is a number of milliseconds, at least 100.');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
