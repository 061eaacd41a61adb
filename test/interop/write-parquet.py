"""Writes Parquet files as other programs do, and for each the Arrow stream of what it holds: write-parquet.py DIRECTORY."""
import sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

out = Path(sys.argv[1])
ROWS = 600


def some(values, every=7):
    """The values again and again, with a null now and then."""
    return [None if i % every == 3 else values[i % len(values)] for i in range(ROWS)]


def flat():
    now = datetime(2026, 11, 21, 9, 30, 15, 123456)
    times = [now + timedelta(microseconds=i * 1234567) for i in range(40)] + [datetime(1885, 1, 2, 3, 4, 5, 678901)]
    ints = {f"{sign}int{bits}": (bits, sign) for bits in (8, 16, 32, 64) for sign in ("", "u")}
    columns = {"bool": pa.array(some([True, False, False]), pa.bool_()), "null": pa.nulls(ROWS)}
    for name, (bits, sign) in ints.items():
        low, high = (0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        columns[name] = pa.array(some([low, high, 0, 1, 42]), getattr(pa, name)())
    for name in ("float16", "float32", "float64"):
        columns[name] = pa.array(some([0.5, -1.25, 1024.0, 0.0]), getattr(pa, name)())
    texts = ["", "Oslo", "漢字", "x" * 300, "é"] + [f"text {i}" for i in range(50)]
    columns["text"] = pa.array(some(texts), pa.large_string())
    columns["same"] = pa.array(["one"] * ROWS)
    columns["coded"] = pa.array(some(texts)).dictionary_encode()
    columns["bytes"] = pa.array(some([b"", b"\x00\xff", b"abc" * 20]), pa.binary())
    columns["fixed"] = pa.array(some([b"12345", b"abcde"]), pa.binary(5))
    for precision, scale in ((5, 2), (9, 0), (18, 4), (38, 10), (60, 5)):
        values = [Decimal(f"{n}E-{scale}") for n in (0, 1, -1, 10**precision - 1, 1 - 10**precision)]
        kind = pa.decimal128 if precision <= 38 else pa.decimal256
        columns[f"decimal_{precision}"] = pa.array(some(values), kind(precision, scale))
    columns["date"] = pa.array(some([date(2026, 11, 21), date(1900, 1, 1)]), pa.date32())
    clock = [time(1, 2, 3, 4000), time(23, 59, 59, 999000)]
    for name, kind in (("ms", pa.time32), ("us", pa.time64), ("ns", pa.time64)):
        columns[f"time_{name}"] = pa.array(some(clock), kind(name))
    for unit in ("s", "ms", "us", "ns"):
        whole = [t.replace(microsecond=t.microsecond // 1000 * 1000 if unit == "ms" else 0) for t in times]
        given = times if unit in ("us", "ns") else whole
        columns[f"timestamp_{unit}"] = pa.array(some(given), pa.timestamp(unit))
        columns[f"zoned_{unit}"] = pa.array(some(given), pa.timestamp(unit, "Europe/Oslo"))
    columns["duration"] = pa.array(some([timedelta(microseconds=n) for n in (1, -5, 10**12)]), pa.duration("us"))
    fields = [pa.field(name, array.type) for name, array in columns.items()]
    fields.append(pa.field("required", pa.int64(), nullable=False, metadata={"label": "Needed", "unit": "m"}))
    return pa.table([*columns.values(), pa.array(range(ROWS))], pa.schema(fields))


def nested():
    pair = pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))])
    lists = [[1, None, 3], [], [None], list(range(40))]
    columns = {
        "list": (pa.list_(pa.int64()), lists),
        "texts": (pa.large_list(pa.string()), [["x", None], [], ["", "yy" * 50]]),
        "lists": (pa.list_(pa.list_(pa.int16())), [[[1], None, []], [], [[2, None]], [None]]),
        "pair": (pair, [{"a": 1, "b": ["x"]}, {"a": None, "b": None}, {"a": 2, "b": []}]),
        "pairs": (pa.list_(pair), [[{"a": 1, "b": ["x", None]}, None], [], [{"a": None, "b": []}, {"a": 3, "b": None}]]),
        "deep": (pa.struct([("in", pa.struct([("x", pa.float64())]))]), [{"in": {"x": 1.5}}, {"in": None}, {"in": {"x": None}}]),
        "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("b", None), ("a", 3)], []]),
        "maps": (pa.map_(pa.int32(), pa.list_(pa.string())), [[(1, ["x"]), (2, None)], [], [(3, [])]]),
        "fixed": (pa.list_(pa.float32(), 2), [[1.5, None], [2.0, 3.0]]),
    }
    table = pa.table({name: pa.array(some(values, 5), kind) for name, (kind, values) in columns.items()})
    items = pa.list_(pa.field("element", pa.int32(), nullable=False))
    bare = pa.array([[i, i + 1][: i % 3] for i in range(ROWS)], items)
    return table.append_column(pa.field("bare", items, nullable=False), bare)


def shown(kind):
    """The type that a value of this one has once it was in a Parquet file."""
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(shown(kind.value_type))
    if pa.types.is_timestamp(kind) and kind.unit == "s":
        return pa.timestamp("ms", kind.tz)
    return kind


def save(name, table):
    table = table.cast(pa.schema([field.with_type(shown(field.type)) for field in table.schema]))
    with pa.ipc.new_stream(out / f"{name}.arrow", table.schema) as writer:
        writer.write_table(table)


def written(name, table, **options):
    pq.write_table(table, out / f"{name}.parquet", **options)
    save(name, table)


flat_table, nested_table = flat(), nested()
delta = {"text": "DELTA_BYTE_ARRAY", "bytes": "DELTA_LENGTH_BYTE_ARRAY", "int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED"}
split = {"float32": "BYTE_STREAM_SPLIT", "float64": "BYTE_STREAM_SPLIT"}
small = {"data_page_size": 300, "write_batch_size": 64, "row_group_size": 250}
for name, table in (("flat", flat_table), ("nested", nested_table)):
    written(f"{name}-plain", table, compression="none", use_dictionary=False)
    written(f"{name}-pages", table, **small)
    written(f"{name}-v2", table, data_page_version="2.0", compression="zstd", **small)
    for codec in ("snappy", "gzip", "brotli", "zstd", "lz4"):
        written(f"{name}-{codec}", table, compression=codec)
    written(f"{name}-no-hints", table.drop_columns([c for c in table.column_names if c.startswith("zoned") or c in ("duration",)]), store_schema=False)
    written(f"{name}-empty", table.slice(0, 0))
encodings = flat_table.select([*delta, *split])
written("encodings", encodings, use_dictionary=False, column_encoding={**delta, **split})
written("encodings-v2", encodings, use_dictionary=False, column_encoding={**delta, **split}, data_page_version="2.0", **small)
int96 = flat_table.select(["timestamp_us", "timestamp_ns"])
pq.write_table(int96, out / "int96.parquet", use_deprecated_int96_timestamps=True, store_schema=False)
save("int96", int96.cast(pa.schema([("timestamp_us", pa.timestamp("ns")), ("timestamp_ns", pa.timestamp("ns"))])))

frame = polars.from_arrow(flat_table.select(["bool", "int8", "uint64", "float32", "text", "bytes", "date", "timestamp_us", "zoned_us"]))
frame.write_parquet(out / "polars.parquet", row_group_size=512)
save("polars", frame.to_arrow())
query = """select i, i::hugeint::decimal(30, 3) as d, 'x' || i as t, [i, null, i + 1] as l, {'a': i, 'b': 't'} as s, map([i], ['v']) as m,
  timestamptz '2026-11-21 10:00:00+00' + interval (i) second as z, case when i % 3 = 0 then null else i / 2.0 end as f from range(3000) r(i)"""
duckdb.sql(query).write_parquet(str(out / "duckdb.parquet"))
save("duckdb", pq.read_table(out / "duckdb.parquet"))
