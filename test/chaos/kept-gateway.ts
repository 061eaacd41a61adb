import { setTimeout as delay } from 'node:timers/promises';
import { freeAddress, freePort } from '../support/free-port.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

export interface KeptGatewayOptions {
  /** Null for tables that end with the process. */
  readonly dataDir: string | null;
  readonly onFault: (fault: string) => void;
}

/** Machines that run tests are slow: a multiple of what is promised. */
const MAX_STOP_MS = 15_000;
const READY_TIMEOUT_MS = 60_000;

/** A gateway at one address, which is started again whenever it was ended. */
export class KeptGateway {
  readonly port: number;
  readonly pull: string;
  /** Of the SUB socket that producers connect to. */
  readonly busPort: number;
  readonly #options: KeptGatewayOptions;
  #running: SpawnedGateway | null = null;
  #isEnding = false;

  private constructor(ports: { port: number; pull: string; busPort: number }, options: KeptGatewayOptions) {
    this.port = ports.port;
    this.pull = ports.pull;
    this.busPort = ports.busPort;
    this.#options = options;
  }

  static async start(options: KeptGatewayOptions): Promise<KeptGateway> {
    const ports = { port: await freePort(), pull: await freeAddress(), busPort: await freePort() };
    const gateway = new KeptGateway(ports, options);
    await gateway.#start();
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async #start(): Promise<void> {
    const { dataDir, onFault } = this.#options;
    // A snapshot now and then, so that starts meet all of the log's shapes.
    const args = dataDir === null ? [] : ['--data-dir', dataDir, '--snapshot-bytes', '200000'];
    const { port, pull } = this;
    const sockets = { connect: 'none', bind: `tcp://127.0.0.1:${this.busPort}`, port, pull };
    const gateway = await spawnGateway({ ...sockets, args, readyTimeoutMs: READY_TIMEOUT_MS });
    this.#running = gateway;
    this.#isEnding = false;
    void gateway.ended.then(({ code, signal }) => {
      const said = gateway.stderr();
      if (!this.#isEnding) onFault(`the gateway ended by itself (${signal ?? code}): ${said}`);
      else if (/"level":(50|60)|Error|at .*\.js:/.test(said)) onFault(`the gateway logged a fault: ${said}`);
    });
  }

  /** Kills it, and starts it again after a while. */
  async kill(pauseMs: number): Promise<void> {
    await this.#end('SIGKILL');
    await delay(pauseMs);
    await this.#start();
  }

  /** Ends it in good order, which it must do in time and with code 0. */
  async stop(pauseMs: number): Promise<void> {
    const startedAtMs = performance.now();
    const { code, signal } = await this.#end('SIGTERM');
    const tookMs = performance.now() - startedAtMs;
    if (code !== 0) this.#options.onFault(`SIGTERM ended the gateway with ${signal ?? code}`);
    if (tookMs > MAX_STOP_MS)
      this.#options.onFault(`SIGTERM ended the gateway after ${Math.round(tookMs)} ms`);
    await delay(pauseMs);
    await this.#start();
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM') {
    const gateway = this.#running!;
    this.#isEnding = true;
    gateway.kill(signal);
    const timer = setTimeout(() => gateway.kill('SIGKILL'), 2 * MAX_STOP_MS);
    const end = await gateway.ended;
    clearTimeout(timer);
    return end;
  }

  async close(): Promise<void> {
    await this.#end('SIGKILL');
  }
}
