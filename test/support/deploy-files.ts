import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { projectRoot } from '../../scripts/prepare/project.mjs';

/** A gateway as a file of deploy/ starts it. */
export interface DeployedGateway {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
}

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string }[];
          readonly securityContext: object;
          readonly readinessProbe: { readonly httpGet: { readonly path: string } };
          readonly livenessProbe: { readonly httpGet: { readonly path: string } };
        }[];
      };
    };
  };
}

/** In the place of every secret. */
export const SECRET = 'a-token-long-enough';

export function readDeployFile(file: string): string {
  return readFileSync(join(projectRoot, 'deploy', file), 'utf8');
}

/** As compose fills variables in. */
function withSecrets(file: string): string {
  return readDeployFile(file).replaceAll(/\$\{\w+:\?[^}]*\}/g, SECRET);
}

function parse(text: string): readonly unknown[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as unknown;
  });
}

export function composeServices(): ReadonlyMap<string, ComposeService> {
  const [compose] = parse(withSecrets('docker/compose.yaml')) as [
    { readonly services: Record<string, ComposeService> },
  ];
  return new Map(Object.entries(compose.services));
}

export function manifests(): readonly Manifest[] {
  return parse(readDeployFile('kubernetes/tablecast.yaml')) as readonly Manifest[];
}

/** The lists of a Dockerfile's ENTRYPOINT and CMD, and its ENV. */
export function dockerImage(): { entrypoint: string[]; command: string[]; env: Record<string, string> } {
  const lines = readDeployFile('docker/Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const lastOf = (word: string) => lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length);
  const env = [...(lastOf('ENV') ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  return {
    entrypoint: JSON.parse(lastOf('ENTRYPOINT') ?? '[]') as string[],
    command: JSON.parse(lastOf('CMD') ?? '[]') as string[],
    env: Object.fromEntries(env) as Record<string, string>,
  };
}

/** Every gateway of deploy/, with secrets filled in. */
export function deployedGateways(): readonly DeployedGateway[] {
  const image = dockerImage();
  const { TABLECAST_HOST: host = '' } = image.env;
  const env = { TABLECAST_HOST: host, TABLECAST_WRITE_TOKEN: SECRET };
  const secrets = { ...env, TABLECAST_LOG: `nats://user:${SECRET}@nats:4222` };
  const services = [...composeServices()].filter(([, { image: name }]) => name === 'tablecast');
  const containers = manifests().flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  const [, unit = ''] = /^ExecStart=.* tablecast gateway (.*)$/m.exec(
    readDeployFile('systemd/tablecast.service'),
  )!;
  return [
    { file: 'docker/Dockerfile', args: image.command, env },
    ...services.map(([name, { command = [], environment = {} }]) => ({
      file: `docker/compose.yaml ${name}`,
      args: command,
      env: { ...env, ...environment },
    })),
    ...containers.map(({ args }) => ({ file: 'kubernetes/tablecast.yaml', args, env: secrets })),
    { file: 'systemd/tablecast.service', args: unit.split(' '), env: {} },
  ];
}
