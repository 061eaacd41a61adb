import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { openAnswerLoser } from '../support/answer-loser.ts';
import { freeAddress } from '../support/free-port.ts';
import { readJson } from '../support/gateway-http.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { runPython } from '../support/run-python.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const MODULE = join(projectRoot, 'producer', 'python', 'tablecast.py');
const WRITE = 'w'.repeat(32);

let python: string | null = null;
let gateway: SpawnedGateway;

beforeAll(async () => {
  python = await pythonVenv();
  gateway = await spawnGateway();
}, pythonVenvTimeoutMs);
afterAll(() => gateway?.close());

interface Skippable {
  skip(why: string): never;
}

/** Runs lines to which `argv` is what follows; they have to end well. @returns what they printed, as JSON */
async function run<T>(
  context: Skippable,
  lines: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<T> {
  if (python === null) return context.skip('there is no Python environment here');
  const start = 'import json, sys\nfrom tablecast import *\nargv = sys.argv[1:]\n';
  const { code, stdout, stderr } = await runPython(python, start + lines, args, { env });
  expect([code, stderr]).toEqual([0, '']);
  return (stdout === '' ? null : JSON.parse(stdout)) as T;
}

/** The table's rows, once it has what the last of several publications brought. */
async function rowsWith(table: string, part: object, url = gateway.url): Promise<unknown[]> {
  return waitFor(
    async () => {
      const rows = await readJson<unknown[]>(url, `tables/${table}.json`);
      expect(rows).toContainEqual(expect.objectContaining(part));
      return rows;
    },
    { what: `${JSON.stringify(part)} in ${table}`, timeoutMs: 40_000 },
  );
}

const WAYS = ['HTTP', 'PUSH', 'PUB that connects', 'PUB that binds'] as const;

/** The arguments of `Tablecast` in Python. */
function opened(way: (typeof WAYS)[number]): string {
  const { url, pull, bind, connect } = gateway;
  const bus = {
    HTTP: '',
    PUSH: `push="${pull}"`,
    'PUB that connects': `connect="${bind}"`,
    'PUB that binds': `bind="${connect}"`,
  };
  return `"${url}", ${bus[way]}`;
}

describe('tablecast.py publishes', () => {
  test('frames of every library, dicts, records and bytes, all to the same rows', async (context) => {
    const frames = {
      'a pandas frame': 'pandas.DataFrame(columns)',
      'a pandas frame with a named index': 'pandas.DataFrame(columns).set_index("city")',
      'a polars frame': 'polars.DataFrame(columns)',
      'a DuckDB relation': `duckdb.sql("select * from (values ('Oslo', 4.5::double), ('Rome', null)) t(city, celsius)")`,
      'a pyarrow table': 'pyarrow.table(columns)',
      'a pyarrow batch': 'pyarrow.record_batch(columns)',
      'a dict of columns': 'columns',
      'a list of records': '[{"city": "Oslo", "celsius": 4.5}, {"city": "Rome"}]',
      'the bytes of an Arrow stream': 'arrow_stream(columns)',
    };
    const lines = `import duckdb, pandas, polars, pyarrow
columns = {"city": ["Oslo", "Rome"], "celsius": [4.5, None]}
with Tablecast() as cast:
  print(json.dumps([[cast.publish("frame", frame), cast.read("frame").to_pylist()] for frame in (${Object.values(frames).join(', ')})]))`;
    const published = await run<[number, Record<string, unknown>[]][]>(context, lines, [], {
      TABLECAST_URL: gateway.url,
    });
    const [[first] = [0]] = published;
    const seen = Object.keys(frames).map((what, i) => [
      what,
      published[i]![0] - first,
      published[i]![1].map(({ city, celsius }) => [city, celsius]),
    ]);
    const rows = [
      ['Oslo', 4.5],
      ['Rome', null],
    ];
    expect(seen).toEqual(Object.keys(frames).map((what, i) => [what, i, rows]));
  });

  test.for(WAYS)('rows by every operation: %s', async (way, context) => {
    const table = way.replaceAll(' ', '-');
    const lines = `with Tablecast(${opened(way)}) as cast:
  cast.publish("w-${table}", {"n": [1]})
  cast.publish("w-${table}", {"n": [2, 3]}, retention={"max_rows": 2})
  cast.append("w-${table}", {"n": [4]})
  cast.upsert("k-${table}", {"k": ["a", "b", "c"], "v": [1, 2, 3], "w": [1, 2, 3]}, key="k", chart={"series": [{"type": "bar"}]})
  cast.upsert("k-${table}", {"k": ["b"], "v": [20]})
  cast.delete("k-${table}", {"k": ["a"]})
  cast.publish("h-${table}", {"n": [1]}, hold=True)
  cast.publish("z-${table}", {"end": [1]})`;
    await run(context, lines, []);
    await rowsWith(`z-${table}`, { end: 1 });
    expect(await readJson(gateway.url, `tables/w-${table}.json`)).toEqual([{ n: 3 }, { n: 4 }]);
    expect(await readJson(gateway.url, `tables/k-${table}.json`)).toEqual([
      { k: 'b', v: 20, w: 2 },
      { k: 'c', v: 3, w: 3 },
    ]);
    expect(await readJson(gateway.url, `tables/h-${table}`)).toMatchObject({ staged: 1, rows: 0 });
    expect(await readJson(gateway.url, `tables/k-${table}/chart.json`)).toMatchObject({
      series: [{ type: 'bar' }],
    });
  });

  test('several tables in one version, and none where the program failed between', async (context) => {
    const lines = `with Tablecast(argv[0]) as cast:
  before = cast.publish("one", {"n": [1]})
  with cast.hold(wait="rendered"):
    held = [cast.publish("one", {"n": [2]}), cast.append("two", {"n": [2]})]
  one, two = cast.read("one"), cast.read("two")
  try:
    with cast.hold():
      cast.publish("three", {"n": [3]})
      raise ValueError("midway")
  except ValueError:
    pass
  update = cast.update_data("one", wait="rendered", timeout_ms=500)
  dropped = cast.drop("two")
  print(json.dumps([before, held, one.to_pylist(), two.to_pylist(), update, dropped]))`;
    const [before, held, one, two, update, dropped] = await run<
      [number, null[], object[], object[], { version: number }, number]
    >(context, lines, [gateway.url]);
    expect([held, one, two]).toEqual([[null, null], [{ n: 2 }], [{ n: 2 }]]);
    expect(update).toMatchObject({ version: before + 2, tables: [], rendered: 0, pending: 0 });
    expect(dropped).toBe(before + 3);
    expect(await readJson(gateway.url, 'tables/three')).toMatchObject({ rows: 0, staged: 1 });
  });

  test('exactly once where the answer was lost on its way', async (context) => {
    const loser = await openAnswerLoser(gateway.port);
    const lines = `with Tablecast(argv[0]) as cast:
  cast.append("once", {"n": [1]})`;
    await run(context, lines, [`http://127.0.0.1:${loser.port}`]);
    expect(loser.lost()).toBe(1);
    expect(await readJson(gateway.url, 'tables/once.json')).toEqual([{ n: 1 }]);
    await loser.close();
  });
});

describe('tablecast.py says what is wrong', () => {
  test('by the code and the detail of the gateway, or its own', async (context) => {
    const cases: [lines: string, code: string, status: number | null, detail: RegExp][] = [
      ['cast.append("typed", {"n": ["x"]})', 'type_mismatch', 422, /"n"/],
      ['cast.upsert("typed", {"n": [1]})', 'missing_key', 422, /key/],
      ['cast.publish("a/b", {"n": [1]})', 'bad_name', 400, /a\/b/],
      ['cast.read("nope")', 'no_such_table', 404, /nope/],
      ['cast.publish("typed", {"n": [1]}, chart="no JSON")', 'bad_header', 400, /chart.*JSON/],
      ['cast.publish("typed", {"n": [1]}, retention={"max_rows": "5"})', 'bad_header', 400, /max_rows/],
      ['cast.publish("typed", b"123")', 'not_arrow', 400, /./],
      ['Tablecast("http://127.0.0.1:1").publish("t", {"n": [1]})', 'unreachable', null, /start one/],
      ['Tablecast("localhost:8080")', 'bad_parameter', null, /http:/],
      ['Tablecast(push="localhost")', 'bad_parameter', null, /localhost/],
      [
        'Tablecast(push="tcp://127.0.0.1:1", linger_s=0).hold().__enter__()',
        'bad_parameter',
        null,
        /hold=True/,
      ],
    ];
    const calls = cases.map(([lines]) => `lambda: ${lines}`).join(', ');
    const lines = `cast = Tablecast(argv[0])
cast.publish("typed", {"n": [1]})
errors = []
for call in (${calls}):
  try: errors.append(call())
  except TablecastError as error: errors.append([error.code, error.status, error.detail])
print(json.dumps(errors))`;
    const errors = await run(context, lines, [gateway.url]);
    expect(errors).toEqual(cases.map(([, ...error]) => error.with(2, expect.stringMatching(error[2]))));
  });

  test('a warning where nobody took anything from the bus until it was closed', async (context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const addresses = [await freeAddress(), await freeAddress(), await freeAddress()];
    const lines = `from tablecast import *
for how, address in zip(("push", "connect", "bind"), ${JSON.stringify(addresses)}):
  with Tablecast(**{how: address}, wait_s=0.1, linger_s=0.2) as cast: cast.publish("t", {"n": [1]})`;
    const { code, stderr } = await runPython(python, lines, []);
    expect(code).toBe(0);
    expect(stderr.match(/no gateway .*tcp:.*start one/g)).toHaveLength(3);
  });

  test('by a TypeError for what is no dataframe, and for a field that no publication has', async (context) => {
    const data = ['"just text"', '5', 'None', '[1, 2]', '{"n": [1]}, retain=5'];
    const lines = `kinds = []
for call in (${data.map((one) => `lambda: cast.publish("t", ${one})`).join(', ')}):
  try: call()
  except TypeError as error: kinds.append(type(error).__name__)
print(json.dumps(kinds))`;
    const kinds = await run(context, `cast = Tablecast(argv[0])\n${lines}`, [gateway.url]);
    expect(kinds).toEqual(data.map(() => 'TypeError'));
  });
});

describe('tablecast.py with a gateway that wants a token', () => {
  test('shows the one that it is given, by argument or environment', async (context) => {
    const secured = await spawnGateway({ env: { TABLECAST_WRITE_TOKEN: WRITE } });
    const lines = `codes = []
for token in (None, "wrong"):
  try: Tablecast(argv[0], token=token).publish("t", {"n": [1]})
  except TablecastError as error: codes.append([error.code, error.status])
codes.append(Tablecast(argv[0], token=argv[1]).publish("t", {"n": [1]}))
print(json.dumps(codes))`;
    const refused = ['unauthorized', 401];
    expect(await run(context, lines, [secured.url, WRITE])).toEqual([refused, refused, 1]);
    const fromEnvironment = 'print(Tablecast().publish("t", {"n": [1]}))';
    const env = { TABLECAST_URL: secured.url, TABLECAST_TOKEN: WRITE };
    expect(await run(context, fromEnvironment, [], env)).toBe(2);
    await secured.close();
  });
});

describe('tablecast.py itself', () => {
  test('passes mypy --strict', { timeout: pythonVenvTimeoutMs }, async (context) => {
    const withMypy = await pythonPackages(['mypy']);
    if (withMypy === null) return context.skip('there is no mypy here');
    const cache = join(projectRoot, '.cache', 'mypy');
    const { status, stdout } = spawnSync(withMypy, ['-m', 'mypy', '--strict', '--cache-dir', cache, MODULE], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Success/)]);
  });

  test('needs pyarrow alone for HTTP, and no module of ours', async (context) => {
    const lines = `import tablecast; print(json.dumps([name for name in ("zmq", "pandas", "polars", "duckdb") if name in sys.modules]))`;
    expect(await run(context, lines, [])).toEqual([]);
  });
});
