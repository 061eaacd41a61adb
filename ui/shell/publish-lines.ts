/** Where a gateway takes publications, as `GET /bus` says. */
export interface BusAddresses {
  readonly pull: readonly string[];
  readonly curve: boolean;
}

export interface PublishLines {
  /** Python that publishes a small table. */
  readonly code: string;
  /** What pip has to install for it. */
  readonly packages: string;
}

const TABLE_LINES = `table, sink = pa.table({"city": ["Oslo", "Rome"], "temperature": [4.5, 17.0]}), pa.BufferOutputStream()
with pa.ipc.new_stream(sink, table.schema) as writer: writer.write_table(table)`;

/**
 * The lines that make a first table at this gateway: over its PULL socket where a program beside the viewer reaches that
 * without keys, else over HTTP, as the page itself came. `baseUrl` is the page's and ends with a slash; `bus` is null where
 * it is not known.
 */
export function publishLines(bus: BusAddresses | null, baseUrl: string): PublishLines {
  const address = bus === null || bus.curve ? null : pullAddress(bus.pull, new URL(baseUrl).hostname);
  if (address !== null) {
    return {
      code: `import zmq, pyarrow as pa
${TABLE_LINES}
push = zmq.Context.instance().socket(zmq.PUSH); push.connect("${address}")
push.send_multipart([b"weather", sink.getvalue()])`,
      packages: 'pyzmq pyarrow',
    };
  }
  return {
    code: `import pyarrow as pa, urllib.request as http
${TABLE_LINES}
arrow = {"Content-Type": "application/vnd.apache.arrow.stream"}
http.urlopen(http.Request("${baseUrl}tables/weather", sink.getvalue().to_pybytes(), arrow))`,
    packages: 'pyarrow',
  };
}

/** The first that can be written down for a program on the viewer's machine; null for none. */
function pullAddress(addresses: readonly string[], pageHost: string): string | null {
  for (const address of addresses) {
    const [, host, port] = /^tcp:\/\/(.+):(\d+)$/.exec(address) ?? [];
    if (host === undefined || port === undefined || Number(port) === 0) continue;
    if (isAnyHost(host)) return `tcp://${pageHost}:${port}`;
    if (!isLoopback(host) || isLoopback(pageHost)) return address;
  }
  return null;
}

function isAnyHost(host: string): boolean {
  return ['*', '0.0.0.0', '[::]'].includes(host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}
