import { TablecastError } from '../protocol/errors.ts';
import type { GatewayConfig } from './config.ts';

/** What the user can do where the address or port cannot be listened on; anything else as it is. */
export function listenError(cause: unknown, { host, port }: GatewayConfig): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  if (cause.code === 'EADDRINUSE') {
    return new TablecastError(
      'bad_parameter',
      `Port ${port} on ${host} is in use; choose another with --port (0 picks a free one).`,
      { cause },
    );
  }
  if (cause.code === 'EACCES')
    return new TablecastError(
      'bad_parameter',
      `Port ${port} needs more rights; choose one above 1023 with --port.`,
      { cause },
    );
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') {
    return new TablecastError('bad_parameter', `--host ${host} is no address of this machine.`, { cause });
  }
  return cause;
}
