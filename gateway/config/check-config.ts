import { isLoopbackAddress, isLoopbackHost } from '../../protocol/bus-address.ts';
import { isCurveKey } from '../../protocol/curve-keys.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayConfig } from '../config.ts';
import { logServersOf } from '../log/log-servers.ts';

/** Long enough that guessing one takes years at the rate that the gateway answers. */
const MIN_TOKEN_LENGTH = 8;
const MAX_TOKEN_LENGTH = 512;

/**
 * Refuses settings that do not go together, and those that let other machines in without a token or keys unless
 * `insecure` says so. No message holds a token.
 *
 * @throws TablecastError `bad_parameter`
 */
export function checkConfig(config: GatewayConfig): GatewayConfig {
  checkTokens(config);
  checkTls(config);
  checkCurve(config);
  checkLog(config);
  const [first] = openings(config);
  if (first !== undefined && !config.insecure)
    refuse(`${first.what}; ${first.remedy}, or add --insecure if you mean it.`);
  return config;
}

/** What `--insecure` lets pass, a sentence each, to be said aloud. */
export function warningsOf(config: GatewayConfig): string[] {
  return openings(config).map(({ what }) => `${what}; --insecure allows it.`);
}

interface Opening {
  readonly what: string;
  readonly remedy: string;
}

function openings(config: GatewayConfig): Opening[] {
  const { host, writeToken, allowOrigin } = config;
  const found: Opening[] = [];
  if (allowOrigin.includes('*'))
    found.push({ what: '--allow-origin * lets the pages of every site call', remedy: 'name the sites' });
  if (!isLoopbackHost(host) && writeToken === null) {
    found.push({
      what: `--host ${host} lets other machines read and write without a token`,
      remedy: 'add --write-token, keep to 127.0.0.1',
    });
  }
  return [...found, ...logOpenings(config), ...busOpenings(config)];
}

/** Whoever reaches servers without credentials can write there what gateways show. */
function logOpenings(config: GatewayConfig): Opening[] {
  if (config.log === null) return [];
  const servers = logServersOf({ ...config, log: config.log });
  if (servers.user !== null || servers.credentialsFile !== null || servers.tlsCert !== null) return [];
  return servers.addresses
    .filter((address) => !isLoopbackAddress(`tcp://${address}`))
    .map((address) => ({
      what: `--log ${address} is not on this machine and no credentials are given`,
      remedy: 'add --log-creds, a user and password, or --log-tls-cert',
    }));
}

function checkLog(config: GatewayConfig): void {
  const { log, dataDir, logTlsCert, logTlsKey } = config;
  if (log !== null && dataDir !== null)
    refuse('--log and --data-dir are two places for one log; choose one of them.');
  if ((logTlsCert === null) !== (logTlsKey === null))
    refuse('--log-tls-cert and --log-tls-key belong together: a certificate and its private key.');
  if (log !== null) return;
  for (const [flag, value] of [
    ['--log-creds', config.logCreds],
    ['--log-tls-ca', config.logTlsCa],
    ['--log-tls-cert', logTlsCert],
  ] as const)
    if (value !== null) refuse(`${flag} needs --log, the servers it is for.`);
}

function busOpenings(config: GatewayConfig): Opening[] {
  const { bind, pull, connect, curveAllowedKeys, curveProducerKey } = config;
  const own = '--curve-secret-key-file';
  const sockets = [
    ['--bind', bind, curveAllowedKeys, `add ${own} and --curve-allowed-keys`],
    ['--pull', pull, curveAllowedKeys, `add ${own} and --curve-allowed-keys`],
    ['--connect', connect, curveProducerKey, `add ${own} and --curve-producer-key`],
  ] as const;
  return sockets.flatMap(([flag, addresses, keys, remedy]) =>
    addresses
      .filter((address) => keys === null && !isLoopbackAddress(address))
      .map((address) => ({ what: `${flag} ${address} is not on this machine and has no keys`, remedy })),
  );
}

function checkTokens({ writeToken, viewToken }: GatewayConfig): void {
  for (const [flag, token] of [
    ['--write-token', writeToken],
    ['--view-token', viewToken],
  ] as const) {
    if (token === null) continue;
    if (token.length < MIN_TOKEN_LENGTH || token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
      refuse(
        `${flag} has ${MIN_TOKEN_LENGTH} to ${MAX_TOKEN_LENGTH} letters, digits and signs of ASCII; 32 at random are good.`,
      );
    }
  }
  if (writeToken !== null && writeToken === viewToken)
    refuse('--view-token and --write-token are the same, so that every viewer could write; choose two.');
}

function checkTls({ tlsCert, tlsKey }: GatewayConfig): void {
  if (tlsCert !== null && tlsKey === null) refuse('--tls-cert needs --tls-key, the file of its private key.');
  if (tlsKey !== null && tlsCert === null) refuse('--tls-key needs --tls-cert, the file of its certificate.');
}

function checkCurve({ curveSecretKeyFile, curveAllowedKeys, curveProducerKey }: GatewayConfig): void {
  if (curveSecretKeyFile === null) {
    for (const [flag, value] of [
      ['--curve-allowed-keys', curveAllowedKeys],
      ['--curve-producer-key', curveProducerKey],
    ] as const)
      if (value !== null) refuse(`${flag} needs --curve-secret-key-file, the gateway's own key pair.`);
    return;
  }
  if (curveAllowedKeys === null && curveProducerKey === null) {
    refuse(
      '--curve-secret-key-file needs --curve-allowed-keys for producers that connect, or --curve-producer-key for those that bind.',
    );
  }
  if (curveProducerKey !== null && !isCurveKey(curveProducerKey))
    refuse('--curve-producer-key is a public key of 40 characters, as `tablecast keys` prints it.');
}

function refuse(detail: string): never {
  throw new TablecastError('bad_parameter', detail);
}
