import { builtProgram } from '../../scripts/prepare/project.mjs';
import { freeAddress, freePort } from './free-port.ts';
import { type SpawnedProgram, spawnProgram } from './spawn-program.ts';

export const livePattern = /Tablecast is live at (https?:\/\/\S+)/;

export interface SpawnGatewayOptions {
  /** The socket's address; `none` switches it off; a free loopback address where absent. */
  connect?: string;
  bind?: string;
  pull?: string;
  /** A free one where absent, which another gateway can have after this one. */
  port?: number;
  /** More flags. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  readyTimeoutMs?: number;
}

export interface SpawnedGateway extends SpawnedProgram {
  /** Ends with a slash, as printed. */
  readonly url: string;
  /** Of `/live`. */
  readonly wsUrl: string;
  readonly port: number;
  /** What a producer binds, and what producers connect or push to; `none` where switched off. */
  readonly connect: string;
  readonly bind: string;
  readonly pull: string;
}

/** A gateway as its own process, from dist, ready to serve. */
export async function spawnGateway(options: SpawnGatewayOptions = {}): Promise<SpawnedGateway> {
  const connect = options.connect ?? (await freeAddress());
  const bind = options.bind ?? (await freeAddress());
  const pull = options.pull ?? (await freeAddress());
  const port = options.port ?? (await freePort());
  const sockets = ['--connect', connect, '--bind', bind, '--pull', pull];
  const program = spawnProgram({
    module: builtProgram('gateway'),
    args: ['--port', String(port), ...sockets, ...(options.args ?? [])],
    env: options.env ?? {},
  });
  try {
    const [, url = ''] = await program.printed(livePattern, options.readyTimeoutMs);
    const wsUrl = new URL('live', url);
    wsUrl.protocol = wsUrl.protocol.replace('http', 'ws');
    return { ...program, url, wsUrl: wsUrl.href, port: Number(wsUrl.port), connect, bind, pull };
  } catch (error) {
    await program.close();
    throw error;
  }
}
