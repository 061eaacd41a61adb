"""Publishes dataframes to a Tablecast gateway. One file to copy; it needs pyarrow, and pyzmq for the bus.

    with Tablecast() as cast:
        cast.publish("weather", frame)                      # the whole table
        cast.append("log", frame, retention={"max_rows": 1000})
        cast.upsert("prices", frame, key="symbol")          # rows by key
        cast.delete("prices", {"symbol": ["ACME"]})

A frame is of pandas, polars or pyarrow, a DuckDB relation, a dict of columns, a list of records, or the bytes of an Arrow
stream. By itself it goes by HTTP, each publication answered: what the gateway refuses is a TablecastError here. With `push`,
`connect` or `bind` it goes over ZeroMQ, faster and without answers; what was refused is then listed by GET /rejections.

Licence: Apache-2.0. The protocol: protocol/PROTOCOL.md of Tablecast.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Optional, TypedDict, Union

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

__all__ = ["Tablecast", "TablecastError", "Update", "arrow_stream"]

Key = Union[str, Sequence[str]]
Addresses = Union[str, Sequence[str]]

_ARROW = "application/vnd.apache.arrow.stream"
_HEARTBEAT_S = 1.0
_LOOK_S = 0.1  # the gateway's question for a table's state stands for half a second
_ATTEMPTS = 3


class TablecastError(Exception):
    """What a gateway refused, or cannot be done: `code` is one of PROTOCOL.md's errors, `detail` says what to do."""

    def __init__(self, code: str, detail: str, status: Optional[int] = None) -> None:
        super().__init__(f"{detail} ({code})")
        self.code = code
        self.detail = detail
        self.status = status


class Update(TypedDict, total=False):
    """What /update_data answers; the fields from `rendered` on only with wait="rendered"."""

    epoch: str
    version: int
    tables: list[str]
    rows: int
    viewers: int
    rendered: int
    pending: int
    hidden: int
    p50_ms: Optional[float]
    max_ms: Optional[float]


def arrow_stream(data: Any) -> bytes:
    """The bytes of one Arrow IPC stream. Raises TypeError where `data` is no dataframe, and what pyarrow raises where a
    column cannot be Arrow, such as one of mixed types."""
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    table = _table(data)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _table(data: Any) -> Any:
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if isinstance(data, (list, tuple)) and all(isinstance(row, Mapping) for row in data):
        return pa.Table.from_pylist([dict(row) for row in data])
    if isinstance(data, (str, int, float, list, tuple)) or data is None:
        raise TypeError(f"{type(data).__name__} is no dataframe, dict of columns or list of records")
    # DuckDB's to_arrow_table, since its arrow() gives a reader.
    for method in ("to_arrow_table", "to_arrow"):
        if hasattr(data, method):
            table = getattr(data, method)()
            return table if isinstance(table, pa.Table) else pa.table(table)
    table = pa.table(data if not isinstance(data, Mapping) else dict(data))
    # The row numbers that pandas keeps through a filter; an index that means something has a name, or other values.
    numbers = [field.name for field in table.schema if field.name.startswith("__index_level_") and pa.types.is_integer(field.type)]
    return table.drop(numbers) if numbers else table


class Tablecast:
    """A connection to one gateway. Its methods may be called from several threads. Close it, or use it in a `with`.

    url, token: the gateway's address and write token; TABLECAST_URL and TABLECAST_TOKEN where absent.
    push: PULL sockets of gateways (--pull): waits where the others drop, and loses nothing while it connects.
    connect, bind: SUB sockets of gateways that bind (--bind), and where gateways connect to (--connect). What a slow gateway
        cannot take is dropped; publications are numbered, so that it notices, and it is then sent tables that were published whole.
    curve: (public key, secret key, the gateway's public key), as Z85 texts.
    wait_s: how long the first publication waits for a gateway that takes it, with `connect` and `bind`; what is sent before is lost.
    timeout_s: how long an answer, or room in a full socket, is waited for.
    linger_s: how long close() leaves ZeroMQ to send what it still holds.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        *,
        token: Optional[str] = None,
        push: Addresses = (),
        connect: Addresses = (),
        bind: Addresses = (),
        curve: Optional[tuple[str, str, str]] = None,
        wait_s: float = 5.0,
        timeout_s: float = 30.0,
        linger_s: float = 2.0,
    ) -> None:
        address = url or os.environ.get("TABLECAST_URL") or "http://127.0.0.1:8080"
        self._http = _Http(address, token or os.environ.get("TABLECAST_TOKEN") or None, timeout_s)
        self._held: Optional[dict[str, None]] = None
        addresses = {"push": push, "connect": connect, "bind": bind}
        self._bus = _Bus(addresses, curve, (wait_s, timeout_s, linger_s)) if any(addresses.values()) else None

    def __enter__(self) -> Tablecast:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        """Sends what waits, for at most `linger_s`; may be called again."""
        if self._bus is not None:
            self._bus.close()

    def publish(self, table: str, data: Any, *, key: Optional[Key] = None, **header: Any) -> Optional[int]:
        """Makes `data` the whole table. As of the other three: resolves to the first version that shows it, None over the
        bus and where it is held; `hold=True` lets it wait for update_data; `retention` and `chart` are the header's fields."""
        return self._send(table, "replace", data, key, header)

    def append(self, table: str, data: Any, **header: Any) -> Optional[int]:
        """Adds rows at the end."""
        return self._send(table, "append", data, None, header)

    def upsert(self, table: str, data: Any, key: Optional[Key] = None, **header: Any) -> Optional[int]:
        """Writes rows by key; `key` may be left out once the table has one. Columns that are not there keep their values."""
        return self._send(table, "upsert", data, key, header)

    def delete(self, table: str, keys: Any, *, key: Optional[Key] = None, **header: Any) -> Optional[int]:
        """Removes the rows with these keys; only the key's columns are needed."""
        return self._send(table, "delete", keys, key, header)

    def drop(self, table: str) -> int:
        """Removes the table; the version without it. Always by HTTP."""
        return int(self._http.call("DELETE", _path(table))["version"])

    @contextmanager
    def hold(self, *, wait: Optional[str] = None) -> Iterator[Tablecast]:
        """What is published within shows at its end, all tables as one version; where it fails, nothing shows. By HTTP only,
        where the gateway's answers say that all is there."""
        if self._bus is not None or self._held is not None:
            why = "goes by HTTP: over the bus publish with hold=True" if self._bus else "is open already"
            raise TablecastError("bad_parameter", f"hold() {why}, and call update_data().")
        self._held = {}
        try:
            yield self
            tables = list(self._held)
        finally:
            self._held = None
        if tables:
            self.update_data(*tables, wait=wait)

    def update_data(self, *tables: str, wait: Optional[str] = None, timeout_ms: Optional[int] = None) -> Update:
        """Shows what was held, of these tables or of all, as one new version. wait="rendered": answers when viewers have drawn it."""
        query: list[tuple[str, Any]] = [("table", table) for table in tables]
        query += [(name, value) for name, value in (("wait", wait), ("timeout_ms", timeout_ms)) if value is not None]
        answer: Update = self._http.call("POST", "update_data", query)
        return answer

    def read(self, table: str) -> Any:
        """The table as it is now, a pyarrow.Table."""
        return pa.ipc.open_stream(self._http.bytes("GET", f"{_path(table)}.arrow")).read_all()

    def _send(self, table: str, op: str, data: Any, key: Optional[Key], header: dict[str, Any]) -> Optional[int]:
        hold = header.pop("hold", self._held is not None)
        unknown = set(header) - {"retention", "chart"}
        if unknown:
            raise TypeError(f"publications have no {', '.join(sorted(unknown))}; they have hold, retention and chart")
        fields: dict[str, Any] = {"op": op, **header, **({"commit": "hold"} if hold else {})}
        if key is not None:
            fields["key"] = [key] if isinstance(key, str) else list(key)
        body = arrow_stream(data)
        if self._bus is not None:
            self._bus.send(table, fields, body)
            return None
        answer = self._http.call("POST", _path(table), _query(fields), body)
        if self._held is not None:
            self._held[table] = None
        return None if hold else int(answer["version"])


def _path(table: str) -> str:
    return f"tables/{urllib.parse.quote(table, safe='')}"


def _query(fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A header's fields as POST /tables/NAME takes them."""
    query: list[tuple[str, Any]] = []
    for name, value in fields.items():
        if name == "key":
            query += [("key", column) for column in value]
        else:
            query.append((name, value if isinstance(value, str) and name != "chart" else _json(value)))
    return query


def _json(value: Any) -> str:
    """A chart may be the text that pyecharts dumps."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


class _Http:
    def __init__(self, address: str, token: Optional[str], timeout_s: float) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise TablecastError("bad_parameter", f"{address!r} is no gateway's address, such as http://127.0.0.1:8080.")
        self._base = address.rstrip("/") + "/"
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._timeout_s = timeout_s
        # A proxy of the environment leads to no gateway on this machine.
        is_local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_local else []))

    def call(self, method: str, path: str, query: Sequence[tuple[str, Any]] = (), body: Optional[bytes] = None) -> Any:
        return json.loads(self.bytes(method, path, query, body))

    def bytes(self, method: str, path: str, query: Sequence[tuple[str, Any]] = (), body: Optional[bytes] = None) -> bytes:
        """The answer's body. A publication whose answer was lost is asked for again: its key makes it happen once."""
        url = self._base + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        headers = dict(self._headers)
        if body is not None:
            headers |= {"Content-Type": _ARROW, "Idempotency-Key": str(uuid.uuid4())}
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        attempts = 1 if body is None else _ATTEMPTS
        for attempt in range(1, attempts + 1):
            try:
                with self._opener.open(request, timeout=self._timeout_s) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError as refusal:
                error = _refused(refusal)
                if attempt == attempts or error.status not in (429, 503):
                    raise error from None
                time.sleep(min(float(refusal.headers.get("Retry-After") or 0.1), 5.0))
            except urllib.error.URLError as away:
                detail = f"No gateway answers at {self._base} ({away.reason}); start one, or give another url."
                raise TablecastError("unreachable", detail) from away
            except (http.client.HTTPException, OSError) as lost:
                if attempt == attempts:
                    raise TablecastError("unreachable", f"{self._base} broke the answer off: {lost}.") from lost
        raise AssertionError("every attempt returns or raises")


def _refused(refusal: urllib.error.HTTPError) -> TablecastError:
    text = refusal.read()
    try:
        problem = json.loads(text)
        return TablecastError(problem["code"], problem["detail"], refusal.code)
    except (ValueError, KeyError, TypeError):
        return TablecastError("unreachable", f"{refusal.url} answers {refusal.code}, and is no gateway.", refusal.code)


class _Bus:
    """Numbered publications on ZeroMQ sockets, a heartbeat each second, and answers to gateways that ask for a table's state."""

    def __init__(
        self, addresses: Mapping[str, Addresses], curve: Optional[tuple[str, str, str]], times_s: tuple[float, float, float]
    ) -> None:
        import zmq

        self._wait_ms, timeout_ms, self._linger_ms = (int(time_s * 1000) for time_s in times_s)

        self._zmq = zmq
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._run = str(uuid.uuid4())
        self._seq: dict[str, int] = {}
        self._whole: dict[str, tuple[dict[str, Any], bytes]] = {}
        self._lasting: dict[str, dict[str, Any]] = {}  # what stays as it is where a later publication does not say it
        self._lock = threading.Lock()  # sockets are used by one thread at a time
        self._closed = threading.Event()
        self._has_met = False  # a gateway that takes publications
        self._connected = 0  # gateways at the other ends of `push`
        listed = {how: [one] if isinstance(one, str) else list(one) for how, one in addresses.items()}
        self._addresses = ", ".join(address for some in listed.values() for address in some)
        try:
            self._push = self._open(zmq.PUSH, curve, timeout_ms) if listed["push"] else None
            self._pub = self._open(zmq.XPUB, curve, timeout_ms) if listed["connect"] or listed["bind"] else None
            self._connections = self._push and self._push.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
            for address in listed["push"]:
                self._push.connect(address)  # type: ignore[union-attr]
            for address in listed["connect"]:
                self._pub.connect(address)  # type: ignore[union-attr]
            for address in listed["bind"]:
                self._pub.bind(address)  # type: ignore[union-attr]
        except zmq.ZMQError as error:
            self._context.destroy(linger=0)
            raise TablecastError("bad_parameter", f"{self._addresses}: {error}.") from error
        atexit.register(self.close)
        self._thread = threading.Thread(target=self._live, name="tablecast", daemon=True)
        self._thread.start()

    def _open(self, kind: int, curve: Optional[tuple[str, str, str]], timeout_ms: int) -> Any:
        socket = self._context.socket(kind)
        socket.linger = self._linger_ms
        socket.sndtimeo = timeout_ms
        if kind == self._zmq.XPUB:
            socket.xpub_verbose = True  # a second gateway may ask for what a first one asks for
        if curve is not None:
            socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = (key.encode() for key in curve)
        return socket

    def send(self, table: str, fields: Mapping[str, Any], body: bytes) -> None:
        with self._lock:
            if self._closed.is_set():
                raise TablecastError("shutting_down", "This Tablecast is closed.")
            if self._pub is not None and not self._has_met and not self._seq:
                self._look(self._wait_ms)
            seq = self._seq.get(table, 0) + 1
            header = {**fields, "run": self._run, "seq": seq, "sent_at_ms": time.time() * 1000}
            if "chart" in fields and isinstance(fields["chart"], str):
                header["chart"] = json.loads(fields["chart"])
            frames = [table.encode(), _json(header).encode(), body]
            for socket in filter(None, (self._push, self._pub)):
                try:
                    socket.send_multipart(frames)
                except self._zmq.Again:
                    detail = f"No gateway took publications of {table} for {socket.sndtimeo / 1000:g} s; start one, or give another address."
                    raise TablecastError("unreachable", detail) from None
            self._seq[table] = seq
            lasting: dict[str, Any] = {name: header[name] for name in ("key", "commit", "retention", "chart") if name in header}
            self._lasting[table] = {**self._lasting.get(table, {}), **lasting}
            if self._pub is not None and fields["op"] == "replace":
                self._whole[table] = ({**self._lasting[table], **header}, body)
            else:
                self._whole.pop(table, None)

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._closed.is_set():
            return
        with self._lock:
            self._closed.set()
        self._thread.join()
        until = time.monotonic() + self._linger_ms / 1000
        while self._seq and not self._has_met and time.monotonic() < until:
            self._look()
            time.sleep(0.01)
        if self._seq and not self._has_met:
            detail = f"no gateway has been there at {self._addresses}: what was published to it is lost; start one, or give another address"
            warnings.warn(detail, RuntimeWarning, stacklevel=3)
        if self._push is not None:
            self._push.disable_monitor()
        self._context.destroy(linger=self._linger_ms)

    def _live(self) -> None:
        due = time.monotonic() + _HEARTBEAT_S
        while not self._closed.wait(_LOOK_S):
            with self._lock:
                if self._closed.is_set():
                    return
                self._look()
                if time.monotonic() >= due:
                    due += _HEARTBEAT_S
                    self._beat()

    def _beat(self) -> None:
        """Heartbeats do not pile up while nobody takes them."""
        if not self._seq:
            return
        unknown = [table for table in self._seq if table not in self._whole]
        frames = [b"$heartbeat", _json({"run": self._run, "tables": self._seq, "no_snapshot": unknown}).encode()]
        for socket in filter(None, (self._push if self._connected > 0 else None, self._pub)):
            try:
                socket.send_multipart(frames, self._zmq.NOBLOCK)
            except self._zmq.Again:
                pass

    def _look(self, wait_ms: int = 0) -> None:
        """Takes what peers have sent: that they are there, and what they ask for."""
        from zmq.utils.monitor import recv_monitor_message

        while self._connections is not None and self._connections.poll(0):
            is_end = recv_monitor_message(self._connections)["event"] == self._zmq.EVENT_DISCONNECTED
            self._connected = max(0, self._connected + (-1 if is_end else 1))
            self._has_met |= not is_end
        while self._pub is not None and self._pub.poll(wait_ms):
            wait_ms = 0
            asked: bytes = self._pub.recv()
            if asked[:1] != b"\x01":
                continue
            self._has_met = True
            prefix = asked[1:].decode("utf-8", "replace")
            if prefix.startswith("$resync."):
                table = prefix[len("$resync.") :]
                for name in [table] if table else list(self._whole):
                    self._answer(name)

    def _answer(self, table: str) -> None:
        if table in self._whole:
            header, body = self._whole[table]
            state = _json({**header, "snapshot": True, "sent_at_ms": time.time() * 1000})
            try:
                self._pub.send_multipart([table.encode(), state.encode(), body], self._zmq.NOBLOCK)  # type: ignore[union-attr]
            except self._zmq.Again:
                pass
