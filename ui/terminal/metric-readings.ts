/** Sums of samples by metric, whatever their labels: the Prometheus text format, as far as the gateway uses it. */
export function metricSums(exposition: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of exposition.split('\n')) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

/** What a gateway does, from its counts at two moments. */
export interface GatewayRates {
  readonly viewers: number;
  readonly queuedBytes: number;
  /** Of the viewer for which most waits. */
  readonly maxQueuedBytes: number;
  /** Null before there are two moments. */
  readonly perSecond: { readonly rows: number; readonly commits: number; readonly sentBytes: number } | null;
}

export interface MetricReading {
  readonly atMs: number;
  readonly sums: ReadonlyMap<string, number>;
}

export function gatewayRates(now: MetricReading, before: MetricReading | null): GatewayRates {
  const value = (name: string): number => now.sums.get(`tablecast_${name}`) ?? 0;
  const seconds = before === null ? 0 : (now.atMs - before.atMs) / 1000;
  // Counters that fell are those of a gateway that started anew.
  const rate = (name: string): number =>
    Math.max(0, value(name) - (before?.sums.get(`tablecast_${name}`) ?? 0)) / seconds;
  return {
    viewers: value('viewers'),
    queuedBytes: value('viewer_queue_bytes'),
    maxQueuedBytes: value('viewer_queue_max_bytes'),
    perSecond:
      seconds <= 0
        ? null
        : {
            rows: rate('rows_total'),
            commits: rate('commits_total'),
            sentBytes: rate('viewer_bytes_total'),
          },
  };
}
