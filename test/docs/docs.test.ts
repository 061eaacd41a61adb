import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Option } from 'commander';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayCommand } from '../../gateway/config/gateway-command.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { parseClientMessage } from '../../protocol/client-message.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { parseHeader } from '../../protocol/header.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { parseServerMessage } from '../../protocol/server-message.ts';
import { PROGRAM_VERSION } from '../../protocol/version.ts';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { routesOf } from '../support/routes-of.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';
import { anchors, codeBlocks, readDocument, section, tableRows, withoutCode } from './markdown.ts';

const PROTOCOL = 'protocol/PROTOCOL.md';
const DOCUMENTS = [
  'README.md',
  PROTOCOL,
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/client.md',
  'docs/scaling.md',
  'examples/python/README.md',
];
const protocol = readDocument(PROTOCOL);
const readme = readDocument('README.md');

describe('PROTOCOL.md', () => {
  test('lists the codes of the error registry, each with its status and meaning', () => {
    const registry = Object.entries(ERRORS).map(([code, { status, meaning }]) => [
      `\`${code}\``,
      String(status),
      meaning,
    ]);
    expect(tableRows(protocol, ['code', 'status', 'meaning'])).toEqual(registry);
  });

  const parsers = new Map<string, (text: string) => unknown>([
    ['json viewer', parseClientMessage],
    ['json gateway', parseServerMessage],
    ['json header', (text) => parseHeader(JSON.parse(text))],
    ['json', JSON.parse],
  ]);
  const examples = codeBlocks(protocol).filter(({ info }) => info.startsWith('json'));

  test.each(examples)('has an example that is taken as $info: $text', ({ info, text }) => {
    expect(parsers.get(info)?.(text)).toBeDefined();
  });

  test('has an example of every message', () => {
    const types = examples.map(({ text }) => /"type": "(\w+)"/.exec(text)?.[1]);
    const messages = [
      'subscribe',
      'unsubscribe',
      'taken',
      'rendered',
      'visibility',
      'hello',
      'commit',
      'heartbeat',
    ];
    expect(types).toEqual(expect.arrayContaining([...messages, 'error']));
  });

  test('states every limit', () => {
    const stated = section(protocol, '## Limits');
    const unstated = Object.entries(LIMITS).filter(
      ([name, limit]) => !stated.includes(name.endsWith('Bytes') ? inBinaryUnits(limit) : String(limit)),
    );
    expect(unstated).toEqual([]);
  });

  test('numbers its rules without gaps, and each is named by a test', () => {
    const rules = [...protocol.matchAll(/^- \*\*([PV]\d+)\*\* /gm)].map(([, rule]) => rule!);
    for (const letter of ['P', 'V']) {
      const numbers = rules.filter((rule) => rule.startsWith(letter)).map((rule) => Number(rule.slice(1)));
      const sorted = numbers.toSorted((a, b) => a - b);
      expect(sorted).toEqual(sorted.map((_, i) => i + 1));
    }
    // Titles begin with their rules: "P4, P5: a rejected publication …". A bare V4 may be Arrow's metadata version.
    const tests = testSources();
    const unnamed = rules.filter((rule) => !new RegExp(`\\b${rule}[:,]`).test(tests));
    expect(unnamed).toEqual([]);
  });
});

describe('README.md', () => {
  let gateway: InProcessGateway;
  beforeAll(async () => {
    gateway = await startInProcess();
  });
  afterAll(() => gateway.close());

  test('lists the flags that the gateway has, with variable, default and meaning', () => {
    const settings = gatewayCommand(async () => {}).options.filter((option) => option.envVar !== undefined);
    const flags = settings.map((option) => [
      `\`${option.flags}\``,
      `\`${option.envVar}\``,
      `\`${defaultOf(option)}\``,
      option.description,
    ]);
    expect(tableRows(readme, ['flag', 'environment', 'default', 'meaning'])).toEqual(flags);
  });

  test('the program says the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(PROGRAM_VERSION).toBe(version);
  });

  const routes = tableRows(readme, ['route', 'does']).map(([route = '']) => {
    const [, method = '', path = ''] = /^`([A-Z]+) (\S+)`$/.exec(route) ?? [];
    return { method, path };
  });

  test.each(routes.filter(({ path }) => !['/live', '/events'].includes(path)))(
    '$method $path is a route',
    async (route) => {
      const { json } = await gateway.request(route.path.slice(1), { method: route.method });
      const code = (json as { code?: string } | undefined)?.code;
      expect(['no_such_route', 'method_not_allowed']).not.toContain(code);
    },
  );

  test('lists every route that the gateway has', async () => {
    const app = await createHttpServer(gateway.gateway.parts, {
      pageDirectory: '/there/is/no/page',
      logger: pino({ level: 'silent' }),
    });
    await app.ready();
    const all = routesOf(app.printRoutes({ commonPrefix: false }));
    await app.close();
    expect(all).toContainEqual({ method: 'GET', path: '/live' });
    // Under /docs/ are the files of its page, and the document.
    const own = all.filter(({ path }) => !path.startsWith('/docs/') || path === '/docs/json');
    for (const route of own.filter(({ method }) => method !== 'HEAD')) expect(routes).toContainEqual(route);
  });

  test('names commands that exist', () => {
    const { scripts } = JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> };
    const known = Object.keys(scripts);
    for (const [command = ''] of tableRows(readme, ['command', 'does'])) {
      const name = /^`npm (?:run )?([\w:]+)`$/.exec(command)?.[1];
      expect(known).toContain(name);
    }
  });
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readDocument(document);
  const links = [
    ...[...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!),
    ...[...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, link]) => link!),
  ].filter((link) => !/^https?:/.test(link));

  test('links to files and headings that exist', () => {
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(projectRoot, file))) return true;
      return anchor !== undefined && !anchors(readDocument(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

/** As `--help` shows it; where there is no value to show, its description. */
function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  return defaultValueDescription ?? [defaultValue].flat().join(', ');
}

function inBinaryUnits(bytes: number): string {
  const power = Math.floor(Math.log2(bytes) / 10);
  return `${bytes / 1024 ** power} ${['bytes', 'KiB', 'MiB', 'GiB'][power]}`;
}

function testSources(): string {
  const root = join(projectRoot, 'test');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('docs.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}
