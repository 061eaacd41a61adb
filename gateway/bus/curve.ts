import { Context, Reply } from 'zeromq';
import { type CurveKeyPair, parseAllowedKeys, parseKeyPair } from '../../protocol/curve-keys.ts';
import { answerZap, ZAP_ENDPOINT } from '../../protocol/zap.ts';
import { readFile } from '../config/read-file.ts';
import type { GatewayConfig } from '../config.ts';

/** Keys of the bus (CURVE, ZeroMQ RFC 26). */
export interface CurveKeys {
  readonly own: CurveKeyPair;
  /** Who may connect to sockets that bind; null where those take anybody, unencrypted. */
  readonly allowed: ReadonlySet<string> | null;
  /** The public key of producers that are connected to; null where those are plain sockets. */
  readonly producer: string | null;
}

/** @throws TablecastError `bad_parameter` naming the file that cannot be used */
export function readCurveKeys(config: GatewayConfig): CurveKeys | null {
  const { curveSecretKeyFile, curveAllowedKeys, curveProducerKey } = config;
  if (curveSecretKeyFile === null) return null;
  const read = (flag: string, file: string) => readFile(flag, file).toString('utf8');
  return {
    own: parseKeyPair(read('--curve-secret-key-file', curveSecretKeyFile), curveSecretKeyFile),
    allowed:
      curveAllowedKeys === null
        ? null
        : parseAllowedKeys(read('--curve-allowed-keys', curveAllowedKeys), curveAllowedKeys),
    producer: curveProducerKey,
  };
}

export interface CurveOptions {
  readonly keys: CurveKeys | null;
  /** A peer that was turned away, for people. */
  readonly onRefused: (who: string) => void;
}

/** What sockets are made with, so that they speak CURVE where they shall. */
export interface Curve {
  readonly binding: SocketSecurity;
  readonly connecting: SocketSecurity;
  close(): Promise<void>;
}

type SocketSecurity = Partial<{
  readonly context: Context;
  readonly curveServer: boolean;
  readonly curvePublicKey: string;
  readonly curveSecretKey: string;
  readonly curveServerKey: string;
  readonly zapDomain: string;
}>;

/** Opens the door-keeper before the sockets that ask it: where none answers, ZeroMQ lets everybody in. */
export async function openCurve({ keys, onRefused }: CurveOptions): Promise<Curve> {
  if (keys === null) return { binding: {}, connecting: {}, close: async () => {} };
  // A context has one door-keeper; that of the process may have another one.
  const context = new Context({ blocky: false });
  const { publicKey: curvePublicKey, secretKey: curveSecretKey } = keys.own;
  const keeper = keys.allowed === null ? null : await openKeeper(context, keys.allowed, onRefused);
  const server = { context, curveServer: true, curveSecretKey, zapDomain: 'tablecast' };
  const client = { context, curvePublicKey, curveSecretKey };
  return {
    binding: keys.allowed === null ? {} : server,
    connecting: keys.producer === null ? {} : { ...client, curveServerKey: keys.producer },
    close: async () => keeper?.close(),
  };
}

async function openKeeper(
  context: Context,
  allowed: ReadonlySet<string>,
  onRefused: CurveOptions['onRefused'],
): Promise<{ close(): Promise<void> }> {
  const socket = new Reply({ context, linger: 0 });
  await socket.bind(ZAP_ENDPOINT);
  const answering = (async () => {
    for await (const request of socket) {
      const { frames, refused } = answerZap(request, allowed);
      await socket.send([...frames] as (string | Buffer)[]);
      if (refused !== null) onRefused(refused);
    }
  })();
  // Closing ends it; a failure of one answer would leave every later peer outside, which is the safe side.
  answering.catch(() => {});
  return {
    async close() {
      socket.close();
      await answering.catch(() => {});
    },
  };
}
