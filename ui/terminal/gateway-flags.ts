import { type Command, Option } from 'commander';
import { DEFAULT_URL, parseGatewayUrl } from '../client/gateway-address.ts';
import { GatewayHttp } from '../client/gateway-http.ts';

/** Which gateway a command speaks to. */
export interface GatewayFlags {
  readonly url: string;
  readonly token?: string;
}

export function addGatewayFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--url <address>', "the gateway's address").env('TABLECAST_URL').default(DEFAULT_URL),
    )
    .addOption(
      new Option('--token <token>', 'its view or write token, where it wants one').env('TABLECAST_TOKEN'),
    );
}

/** @throws TablecastError `bad_parameter` where the address is none */
export function gatewayHttp({ url, token }: GatewayFlags): GatewayHttp {
  return new GatewayHttp({
    url: parseGatewayUrl(url),
    token: token ?? null,
    fetch: (address, init) => fetch(address, init),
  });
}
