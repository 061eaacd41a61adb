import type { Option } from 'commander';
import { DEFAULT_CONFIG } from '../config.ts';
import { countOption, option, optionalOption, parseStreamName } from './option-kinds.ts';

/** How to reach and keep a shared log, beside its servers. */
export function sharedLogOptions(): Option[] {
  const d = DEFAULT_CONFIG;
  return [
    option('--log-stream <name>', 'with --log, the JetStream stream')
      .argParser(parseStreamName)
      .default(d.logStream),
    countOption('--log-replicas <number>', 'with --log, how many servers keep each entry', d.logReplicas),
    optionalOption('--log-creds <file>', 'with --log, a NATS credentials file'),
    optionalOption('--log-tls-ca <file>', 'with --log, authorities to trust, PEM'),
    optionalOption('--log-tls-cert <file>', "with --log, this gateway's certificate, PEM"),
    optionalOption('--log-tls-key <file>', 'with --log, private key of that certificate, PEM'),
  ];
}
