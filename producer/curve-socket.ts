import { Context, Reply } from 'zeromq';
import { type CurveKeyPair, isCurveKey } from '../protocol/curve-keys.ts';
import { TablecastError } from '../protocol/errors.ts';
import { answerZap, ZAP_ENDPOINT } from '../protocol/zap.ts';

/** Keys of the bus (CURVE, ZeroMQ RFC 26), each 40 characters of Z85. */
export interface ProducerKeys extends CurveKeyPair {
  /** The gateway's public key: for `connect` and `push`. */
  readonly serverKey?: string;
  /** Public keys of the gateways that may connect: for `bind`. */
  readonly allowedKeys?: ReadonlySet<string>;
}

/** What a socket is made with, so that it speaks CURVE; nothing where it shall not. */
export interface CurveSocket {
  readonly security: Partial<{
    readonly context: Context;
    readonly curveServer: boolean;
    readonly curvePublicKey: string;
    readonly curveSecretKey: string;
    readonly curveServerKey: string;
    readonly zapDomain: string;
  }>;
  readonly close: () => void;
}

/**
 * @param role `server` for a socket that binds, `client` for one that connects
 * @throws TablecastError `bad_parameter` where a key is missing or is none
 */
export function openCurveSocket(keys: ProducerKeys | undefined, role: 'server' | 'client'): CurveSocket {
  if (keys === undefined) return { security: {}, close: () => {} };
  const { publicKey: curvePublicKey, secretKey: curveSecretKey, serverKey, allowedKeys } = keys;
  if (!isCurveKey(curvePublicKey) || !isCurveKey(curveSecretKey))
    throw new TablecastError('bad_parameter', 'The key pair is two keys of 40 characters.');
  if (role === 'client') {
    if (serverKey === undefined || !isCurveKey(serverKey))
      throw new TablecastError('bad_parameter', "A producer that connects needs the gateway's public key.");
    return { security: { curvePublicKey, curveSecretKey, curveServerKey: serverKey }, close: () => {} };
  }
  if (allowedKeys === undefined)
    throw new TablecastError('bad_parameter', 'A producer that binds needs the public keys of its gateways.');
  // A context has one door-keeper; that of the process may have another one.
  const context = new Context({ blocky: false });
  const security = { context, curveServer: true, curveSecretKey, zapDomain: 'tablecast' };
  return { security, close: openKeeper(context, allowedKeys) };
}

/** Answers ZeroMQ's question who may connect: without an answer everybody could. */
function openKeeper(context: Context, allowedKeys: ReadonlySet<string>): () => void {
  const socket = new Reply({ context, linger: 0 });
  socket.bindSync(ZAP_ENDPOINT);
  const answering = (async () => {
    for await (const request of socket) {
      const { frames } = answerZap(request, allowedKeys);
      await socket.send([...frames] as (string | Buffer)[]);
    }
  })();
  // Closing ends it.
  answering.catch(() => {});
  return () => socket.close();
}
