import { readFileSync } from 'node:fs';

/** Samples by name and labels as they stand there, e.g. `up{job="a"}`; the types by name. */
export interface Exposition {
  readonly contentType: string;
  readonly samples: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/;

/** Reads `/metrics` strictly, after the Prometheus text format (version 0.0.4). @throws Error at the first line that is none */
export async function scrape(url: string): Promise<Exposition> {
  const response = await fetch(new URL('metrics', url));
  if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of (await response.text()).split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type !== null) types.set(type[1]!, type[2]!);
    if (line === '' || line.startsWith('# HELP ') || type !== null) continue;
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) throw new Error(`No line of an exposition: ${line}`);
    if (samples.has(name + labels)) throw new Error(`Given twice: ${line}`);
    if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, '')))
      throw new Error(`Without a type: ${line}`);
    samples.set(name + labels, numberOf(value!));
  }
  return { contentType: response.headers.get('content-type') ?? '', samples, types };
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (Number.isNaN(value) && text !== 'Nan' && text !== 'NaN') throw new Error(`No value: ${text}`);
  return value;
}

/** Every metric that a Grafana dashboard's queries name. */
export function metricsOfDashboard(path: string): string[] {
  const texts: string[] = [];
  const walk = (value: unknown, key = ''): void => {
    if (typeof value === 'string' && (key === 'expr' || key === 'query')) texts.push(value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
  };
  walk(JSON.parse(readFileSync(path, 'utf8')));
  return [...new Set(texts.flatMap((text) => text.match(/\btablecast_\w+/g) ?? []))];
}
