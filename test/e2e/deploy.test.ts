import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { gatewayCommand } from '../../gateway/config/gateway-command.ts';
import type { GatewayConfig } from '../../gateway/config.ts';
import {
  composeServices,
  deployedGateways,
  dockerImage,
  manifests,
  readDeployFile,
  SECRET,
} from '../support/deploy-files.ts';
import { freePort } from '../support/free-port.ts';
import { natsServerPath, natsTitle } from '../support/nats-server.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

async function configOf(args: readonly string[]): Promise<GatewayConfig> {
  let config: GatewayConfig | undefined;
  const command = gatewayCommand(async (given) => {
    config = given;
  });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return config!;
}

describe('the files for containers and services', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.each(deployedGateways())(
    '$file starts a gateway with settings that it takes',
    async ({ args, env }) => {
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
      const config = await configOf(args);
      expect(config.insecure).toBe(false);
      expect(config.log ?? undefined).toBe('TABLECAST_LOG' in env ? env.TABLECAST_LOG : undefined);
    },
  );

  test('the image runs the command of the package, without rights', () => {
    expect(dockerImage().entrypoint).toEqual(['tablecast', 'gateway']);
    expect(readDeployFile('docker/Dockerfile')).toMatch(/^USER node$/m);
  });

  test('containers write nothing to their own file system', () => {
    const services = [...composeServices().values()].filter(({ image }) => !image.startsWith('nginx'));
    expect(services.map((service) => service.read_only)).toEqual(services.map(() => true));
    const [container] = manifests().flatMap(({ spec }) => spec.template?.spec.containers ?? []);
    expect(container!.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    expect(container!.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container!.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container!.env.map(({ name }) => name)).toEqual(['TABLECAST_WRITE_TOKEN', 'TABLECAST_LOG']);
  });

  test('the proxy knows every gateway, and holds nothing back', () => {
    const gateways = [...composeServices().keys()].filter((name) => name.startsWith('gateway'));
    const proxy = readDeployFile('nginx/gateways.conf');
    expect([...proxy.matchAll(/server (\S+):8080/g)].map(([, name]) => name)).toEqual(gateways);
    expect(proxy).toMatch(/proxy_buffering off;/);
  });
});

describe.skipIf(natsServerPath === null)(
  `the services of compose.yaml, without containers${natsTitle}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tablecast-compose-'));
    const servers: ChildProcess[] = [];
    const gateways: SpawnedGateway[] = [];
    const kill = () => {
      for (const server of servers) server.kill('SIGKILL');
    };

    beforeAll(async () => {
      process.once('exit', kill);
      const services = composeServices();
      const names = [...services.keys()].filter((name) => name.startsWith('nats'));
      const ports = new Map<string, number>();
      for (const name of names)
        for (const port of [4222, 6222]) ports.set(`${name}:${port}`, await freePort());
      const here = (text: string) =>
        text.replaceAll(/nats-\d:\d+/g, (place) => `127.0.0.1:${ports.get(place)}`);
      for (const name of names) {
        const args = services.get(name)!.command!.map((arg) =>
          here(arg)
            .replace('=/data', `=${join(folder, name)}`)
            .replace('0.0.0.0:6222', `127.0.0.1:${ports.get(`${name}:6222`)}`),
        );
        const client = ['-a', '127.0.0.1', '-p', String(ports.get(`${name}:4222`))];
        servers.push(spawn(natsServerPath!, [...client, ...args], { stdio: 'ignore' }));
      }
      for (const [name, { command = [], environment = {} }] of services) {
        const env = { ...environment, TABLECAST_LOG: here(environment.TABLECAST_LOG ?? '') };
        if (name.startsWith('gateway')) gateways.push(await startGateway(command, env));
      }
    });

    async function startGateway(
      args: readonly string[],
      env: Readonly<Record<string, string>>,
    ): Promise<SpawnedGateway> {
      const sockets = { connect: 'none', bind: 'none', pull: 'none' };
      const others = args.filter((arg) => !/^--(connect|bind|pull)=/.test(arg));
      return spawnGateway({
        ...sockets,
        args: others,
        env,
        readyTimeoutMs: 50_000,
      });
    }

    afterAll(async () => {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      const running = servers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const ended = running.map((server) => once(server, 'exit'));
      kill();
      await Promise.all(ended);
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    });

    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
    const publish = async (gateway: SpawnedGateway, n: number) => {
      const body = JSON.stringify([{ n }]);
      const url = `${gateway.url}tables/t?op=upsert&key=n`;
      const response = await fetch(url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    };
    const rows = async (gateway: SpawnedGateway) =>
      JSON.stringify(await (await fetch(`${gateway.url}tables/t.json`)).json());

    test('what one gateway takes the other shows, also once one NATS server of three has ended', async () => {
      const [one, two] = gateways as [SpawnedGateway, SpawnedGateway];
      expect(await publish(one, 1)).toBe(200);
      await waitFor(async () => (await rows(two)) === '[{"n":1}]', {
        what: 'the row at the other gateway',
        timeoutMs: 20_000,
      });
      servers[0]!.kill('SIGKILL');
      // Nothing is taken while the servers agree on who leads.
      await waitFor(async () => (await publish(two, 2)) === 200, {
        what: 'a publication after the end of a server',
        timeoutMs: 60_000,
      });
      await waitFor(async () => (await rows(one)) === '[{"n":1},{"n":2}]', {
        what: 'the second row',
        timeoutMs: 60_000,
      });
    }, 180_000);
  },
);
