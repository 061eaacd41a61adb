import { pino } from 'pino';
import { DEFAULT_CONFIG, type GatewayConfig } from '../../gateway/config.ts';
import { type Gateway, startGateway } from '../../gateway/gateway.ts';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where it is no JSON. */
  readonly json: unknown;
}

/** A gateway in this process: HTTP on a free port, bus messages handed in as from a PULL socket. */
export interface InProcessGateway {
  readonly gateway: Gateway;
  readonly url: string;
  /** One bus message, its frames as they would come; texts are UTF-8. */
  send(...frames: (string | Uint8Array)[]): void;
  /** A bus message of rows; without a header it has two frames. */
  publish(table: string, rows: readonly Row[], header?: object, types?: Record<string, string>): void;
  request(path: string, init?: RequestInit): Promise<Answer>;
  /** The rows of `GET /tables/NAME.json`. */
  rows(table: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startInProcess(config: Partial<GatewayConfig> = {}): Promise<InProcessGateway> {
  const gateway = await startGateway({
    config: { ...DEFAULT_CONFIG, port: 0, connect: [], bind: [], pull: [], ...config },
    pageDirectory: '/there/is/no/page',
    logger: pino({ level: 'silent' }),
  });
  const send = (...frames: (string | Uint8Array)[]) => {
    const bytes = frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame) : frame));
    gateway.parts.intake.takeMessages([{ frames: bytes, source: 'pull' }]);
  };
  const request = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, gateway.url), init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };
  return {
    gateway,
    url: gateway.url,
    send,
    publish: (table, rows, header, types = {}) => {
      const arrow = fromValues(rows, { types });
      if (header === undefined) send(table, arrow);
      else send(table, JSON.stringify(header), arrow);
    },
    request,
    rows: async (table) => (await request(`tables/${encodeURIComponent(table)}.json`)).json,
    close: () => gateway.close(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
