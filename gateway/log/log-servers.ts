import { TablecastError } from '../../protocol/errors.ts';

/** The NATS servers that keep a shared log, and how to reach them. */
export interface LogServers {
  /** `host:port` each. */
  readonly addresses: readonly string[];
  readonly user: { readonly name: string; readonly password: string } | null;
  readonly credentialsFile: string | null;
  readonly usesTls: boolean;
  /** PEM files; null for the system's authorities, and for no certificate of this gateway's own. */
  readonly tlsCa: string | null;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
}

const DEFAULT_PORT = '4222';

/** Flags of the log as they were given. */
export interface LogFlags {
  /** `nats://user:password@host:port,host:port,…`; `tls://` for TLS. */
  readonly log: string;
  readonly logCreds: string | null;
  readonly logTlsCa: string | null;
  readonly logTlsCert: string | null;
  readonly logTlsKey: string | null;
}

/** @throws TablecastError `bad_parameter`, without the password */
export function logServersOf(flags: LogFlags): LogServers {
  const { log: text, logCreds, logTlsCa, logTlsCert, logTlsKey } = flags;
  const scheme = /^(nats|tls):\/\//.exec(text)?.[0];
  const parsed = text.split(',').map((part) => {
    const url = part.includes('://') ? part : `${scheme}${part}`;
    return URL.canParse(url) ? new URL(url) : null;
  });
  const [first] = parsed;
  if (scheme === undefined || first == null || !parsed.every((url) => url !== null && isServer(url))) {
    throw new TablecastError(
      'bad_parameter',
      '--log names NATS servers: nats://host:4222, several parted by commas, tls:// for TLS.',
    );
  }
  const { username, password } = first;
  return {
    addresses: parsed.map((url) => `${url!.hostname}:${url!.port || DEFAULT_PORT}`),
    user:
      username === '' ? null : { name: decodeURIComponent(username), password: decodeURIComponent(password) },
    usesTls: scheme === 'tls://' || logTlsCa !== null || logTlsCert !== null,
    credentialsFile: logCreds,
    tlsCa: logTlsCa,
    tlsCert: logTlsCert,
    tlsKey: logTlsKey,
  };
}

function isServer({ protocol, hostname, pathname, search, hash }: URL): boolean {
  const isPlain = (pathname === '' || pathname === '/') && search === '' && hash === '';
  return /^(nats|tls):$/.test(protocol) && hostname !== '' && isPlain;
}
