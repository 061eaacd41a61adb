// Which way the built-in producer reaches the gateway: the counterpart of the first gateway socket that can be met.
import { hostname, networkInterfaces } from 'node:os';
import { gatewayAddresses } from './gateway-flags.mjs';

/** @typedef {{ flag: '--bind' | '--connect' | '--push', address: string }} ProducerLink */

/**
 * @param {{ args: readonly string[], env?: NodeJS.ProcessEnv, isLocalHost?: (host: string) => boolean }} options
 *   args: the gateway's
 * @returns {ProducerLink | null} null where the gateway has no socket that a producer on this machine could meet
 */
export function chooseProducerLink({ args, env = process.env, isLocalHost = isThisMachine }) {
  const addresses = (/** @type {'connect' | 'bind' | 'pull'} */ name, /** @type {number} */ port) =>
    gatewayAddresses({ name, args, env, defaultAddress: `tcp://127.0.0.1:${port}` });
  // What the gateway connects to may be another machine's producer: only an address of this one can be bound.
  const bind = addresses('connect', 5411).find((address) => canBind(address, isLocalHost));
  if (bind !== undefined) return { flag: '--bind', address: bind };
  const connect = firstReachable(addresses('bind', 5412));
  if (connect !== undefined) return { flag: '--connect', address: connect };
  const push = firstReachable(addresses('pull', 5413));
  return push === undefined ? null : { flag: '--push', address: push };
}

/** @param {string} address @param {(host: string) => boolean} isLocalHost */
function canBind(address, isLocalHost) {
  const tcp = parseTcp(address);
  return tcp === null || isLocalHost(tcp.host);
}

/** @param {readonly string[]} addresses what the gateway binds @returns {string | undefined} how to connect to it */
function firstReachable(addresses) {
  for (const address of addresses) {
    const tcp = parseTcp(address);
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
  return host === '[::]' ? '[::1]' : host;
}

/** @param {string} address @returns {{ host: string, port: string } | null} null for other transports */
function parseTcp(address) {
  const parts = /^tcp:\/\/(.+):([^:]+)$/.exec(address);
  return parts === null ? null : { host: String(parts[1]), port: String(parts[2]) };
}

/** @param {string} host as in a ZeroMQ address: IPv6 in brackets */
export function isThisMachine(host) {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name === '::1' || name.startsWith('127.')) return true;
  if (name === hostname().toLowerCase()) return true;
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address }) => address.toLowerCase() === name);
}
