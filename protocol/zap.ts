import { curveKeyText } from './curve-keys.ts';

/** Where a ZeroMQ context asks whether a peer may connect (ZAP, ZeroMQ RFC 27). */
export const ZAP_ENDPOINT = 'inproc://zeromq.zap.01';

const VERSION = '1.0';

export interface ZapAnswer {
  readonly frames: readonly (string | Uint8Array)[];
  /** Who was refused, for the log: an address, and the public key where one was shown. Null where it was let in. */
  readonly refused: string | null;
}

/**
 * Answers one request of ZAP: only CURVE clients whose public key is listed are let in.
 *
 * @param request its frames: version, request id, domain, address, identity, mechanism, credentials
 */
export function answerZap(request: readonly Uint8Array[], allowedKeys: ReadonlySet<string>): ZapAnswer {
  const [version, requestId = new Uint8Array(), , address, , mechanism, credentials] = request;
  const isCurve = textOf(version) === VERSION && textOf(mechanism) === 'CURVE' && credentials?.length === 32;
  const key = isCurve ? curveKeyText(credentials) : null;
  const isAllowed = key !== null && allowedKeys.has(key);
  const status = isAllowed ? ['200', 'OK', key] : ['400', 'No access', ''];
  return {
    frames: [VERSION, requestId, ...status, ''],
    refused: isAllowed ? null : `${textOf(address)} with ${key === null ? 'no key' : `the key ${key}`}`,
  };
}

/** What ZAP says as text is ASCII. */
function textOf(frame: Uint8Array | undefined): string {
  return String.fromCharCode(...(frame ?? []).slice(0, 256));
}
