/** Where a ZeroMQ socket of the `tcp` transport is: `tcp://HOST:PORT`. */
export interface TcpAddress {
  /** An IPv6 address without its brackets; `*` for every interface. */
  readonly host: string;
  /** A number, or `*` for one that the system picks. */
  readonly port: string;
}

/** @returns null for what is no `tcp` address */
export function parseTcpAddress(address: string): TcpAddress | null {
  const [, bracketed, host = bracketed, port] =
    /^tcp:\/\/(?:\[([^\]]+)\]|([^\s[\]/]+)):([^:\s/]+)$/.exec(address) ?? [];
  return host === undefined || port === undefined ? null : { host, port };
}

/** Whether only this machine reaches a host, by its name or by its IP address (without brackets). */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  const parts = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1);
  return parts?.every((part) => Number(part) < 256) ?? false;
}

/** Whether only this machine reaches a ZeroMQ address; what is no address at all is none of other machines either. */
export function isLoopbackAddress(address: string): boolean {
  const transport = /^([a-z]+):\/\//.exec(address)?.[1];
  if (transport === undefined || transport === 'ipc' || transport === 'inproc') return true;
  const tcp = parseTcpAddress(address);
  if (tcp === null) return transport === 'tcp';
  return isLoopbackHost(tcp.host);
}
