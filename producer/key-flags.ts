import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { parseAllowedKeys, parseKeyPair } from '../protocol/curve-keys.ts';
import { TablecastError } from '../protocol/errors.ts';
import type { ProducerKeys } from './curve-socket.ts';

export interface KeyFlags {
  readonly curveSecretKeyFile?: string;
  readonly curveServerKey?: string;
  readonly curveAllowedKeys?: string;
}

export function addKeyOptions(command: Command): Command {
  return command
    .addOption(new Option('--curve-secret-key-file <file>', "the producer's ZeroMQ key pair"))
    .addOption(new Option('--curve-server-key <key>', "the gateway's public key, for --connect and --push"))
    .addOption(
      new Option('--curve-allowed-keys <file>', 'public keys of the gateways that may connect, for --bind'),
    );
}

/**
 * The keys that flags, or else the variables `TABLECAST_PRODUCER_CURVE_…`, name.
 *
 * @throws TablecastError `bad_parameter` naming the flag or file
 */
export function keysOf(
  flags: KeyFlags,
  env: Readonly<Record<string, string | undefined>>,
): ProducerKeys | undefined {
  const secretKeyFile = flags.curveSecretKeyFile ?? env.TABLECAST_PRODUCER_CURVE_SECRET_KEY_FILE;
  const serverKey = flags.curveServerKey ?? env.TABLECAST_PRODUCER_CURVE_SERVER_KEY;
  const allowedKeys = flags.curveAllowedKeys ?? env.TABLECAST_PRODUCER_CURVE_ALLOWED_KEYS;
  if (secretKeyFile === undefined) {
    if (serverKey === undefined && allowedKeys === undefined) return undefined;
    const flag = serverKey === undefined ? '--curve-allowed-keys' : '--curve-server-key';
    throw new TablecastError(
      'bad_parameter',
      `${flag} needs --curve-secret-key-file, the producer's own key pair.`,
    );
  }
  return {
    ...parseKeyPair(readText('--curve-secret-key-file', secretKeyFile), secretKeyFile),
    ...(serverKey === undefined ? {} : { serverKey }),
    ...(allowedKeys === undefined
      ? {}
      : { allowedKeys: parseAllowedKeys(readText('--curve-allowed-keys', allowedKeys), allowedKeys) }),
  };
}

function readText(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new TablecastError('bad_parameter', `${flag} ${file} cannot be read${code}.`, { cause });
  }
}
