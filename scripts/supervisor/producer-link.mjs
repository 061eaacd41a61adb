// Which way the built-in producer reaches the gateway: the counterpart of the first gateway socket that can be met.
import { hostname, networkInterfaces } from 'node:os';
import { gatewayAddresses, isGiven } from './gateway-flags.mjs';

/** @typedef {{ flag: '--bind' | '--connect' | '--push', address: string }} ProducerLink */

/**
 * @typedef {(address: string) => { host: string, port: string } | null} ParseTcpAddress null for other transports; an
 *   IPv6 host without brackets
 */

/**
 * @param {object} options
 * @param {readonly string[]} options.args the gateway's
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {ParseTcpAddress} options.parseTcpAddress
 * @param {(host: string) => boolean} [options.isLocalHost]
 * @returns {ProducerLink | null} null where the gateway has no socket that a producer on this machine could meet
 */
export function chooseProducerLink({
  args,
  env = process.env,
  parseTcpAddress,
  isLocalHost = isThisMachine,
}) {
  const has = (/** @type {string} */ name) => isGiven({ name, args, env });
  const addresses = (/** @type {'connect' | 'bind' | 'pull'} */ name, /** @type {number} */ port) =>
    gatewayAddresses({ name, args, env, defaultAddress: `tcp://127.0.0.1:${port}` });
  // What the gateway connects to may be another machine's producer: only an address of this one can be bound.
  const bind = addresses('connect', 5411).find((address) => {
    const tcp = parseTcpAddress(address);
    return tcp === null || isLocalHost(tcp.host);
  });
  // Where the gateway wants keys, the built-in producer has none.
  if (bind !== undefined && !has('curve-producer-key')) return { flag: '--bind', address: bind };
  if (has('curve-allowed-keys')) return null;
  const connect = firstReachable(addresses('bind', 5412), parseTcpAddress);
  if (connect !== undefined) return { flag: '--connect', address: connect };
  const push = firstReachable(addresses('pull', 5413), parseTcpAddress);
  return push === undefined ? null : { flag: '--push', address: push };
}

/**
 * @param {readonly string[]} addresses what the gateway binds
 * @param {ParseTcpAddress} parseTcpAddress
 * @returns {string | undefined} how to connect to it
 */
function firstReachable(addresses, parseTcpAddress) {
  for (const address of addresses) {
    const tcp = parseTcpAddress(address);
    if (tcp === null) return address;
    // A port that the system picks is known to the gateway alone.
    if (tcp.port === '*' || tcp.port === '0') continue;
    return `tcp://${connectHost(tcp.host)}:${tcp.port}`;
  }
  return undefined;
}

/** @param {string} host */
function connectHost(host) {
  if (host === '*' || host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** @param {string} host an IPv6 address with or without brackets */
export function isThisMachine(host) {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name === '::1' || name.startsWith('127.')) return true;
  if (name === hostname().toLowerCase()) return true;
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address }) => address.toLowerCase() === name);
}
