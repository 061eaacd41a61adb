"""Publishes a table of every type to a gateway, reads it back as a named program would, and compares each value.

python read-over-http.py URL READER
"""

import base64
import csv
import io
import json
import math
import sys
import tempfile
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pyarrow as pa

url, reader = sys.argv[1:3]
NAN, INF = float("nan"), float("inf")
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def ints(bits, signed):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return pa.array([low, high, None, 1], pa.type_for_alias(f"{'' if signed else 'u'}int{bits}"))


def counts(values, arrow_type):
    width = pa.int32() if arrow_type in (pa.date32(), pa.time32("s"), pa.time32("ms")) else pa.int64()
    return pa.array(values, width).cast(arrow_type)


def every_type():
    columns = {f"int{bits}": ints(bits, True) for bits in (8, 16, 32, 64)}
    columns |= {f"uint{bits}": ints(bits, False) for bits in (8, 16, 32, 64)}
    columns["float32"] = pa.array([0.1, NAN, None, -INF], pa.float32())
    columns["float64"] = pa.array([0.1, 5e-324, None, 1.7976931348623157e308])
    columns["special"] = pa.array([NAN, INF, -INF, -0.0])
    columns["bool"] = pa.array([True, False, None, True])
    columns["text"] = pa.array(["", 'a "b", c', None, "line\r\nline é 表 🌍"])
    columns["dictionary"] = pa.array(["x", "y", None, "x"]).dictionary_encode()
    columns["binary"] = pa.array([b"", b"\xde\xad\xbe\xef", None, b"\x00"])
    columns["fixed"] = pa.array([b"abc", b"\xff\x00\x01", None, b"xyz"], pa.binary(3))
    for bits, digits in ((128, 38), (256, 76)):
        large = "9" * (digits - 2) + ".99"
        values = [Decimal("12.50"), Decimal(large), None, Decimal(f"-{large}")]
        columns[f"decimal{bits}"] = pa.array(values, getattr(pa, f"decimal{bits}")(digits, 2))
    columns["date32"] = counts([0, 20778, None, -1], pa.date32())
    for unit in ("s", "ms"):
        columns[f"time {unit}"] = counts([0, 34200 * PER_SECOND[unit] + 1, None, 1], pa.time32(unit))
    for unit in ("us", "ns"):
        columns[f"time {unit}"] = counts([0, 34200 * PER_SECOND[unit] + 1, None, 1], pa.time64(unit))
    for unit, zone in ((unit, zone) for unit in PER_SECOND for zone in (None, "UTC", "Europe/Oslo", "+05:30")):
        seconds = [0, 1795253400, None, -1]
        values = [None if second is None else second * PER_SECOND[unit] + (1 if unit != "s" else 0) for second in seconds]
        columns[f"timestamp {unit} {zone}"] = counts(values, pa.timestamp(unit, zone))
    columns["nothing"] = pa.nulls(4)
    columns["list"] = pa.array([[], [2**63 - 1, None], None, [1]], pa.list_(pa.int64()))
    columns["struct"] = pa.array([{"a": 1, "b": "x"}, {"a": None, "b": ""}, None, {"a": 2, "b": None}])
    columns["map"] = pa.array([[("k", 1)], [], None, [("l", None)]], pa.map_(pa.string(), pa.int64()))
    children = [pa.array([1, None, 2]), pa.array(["x"])]
    columns["union"] = pa.UnionArray.from_dense(pa.array([0, 1, 0, 0], pa.int8()), pa.array([0, 0, 1, 2], pa.int32()), children)
    return pa.table(columns)


def plain(table):
    """As it comes back: the layout of a column is no part of its type."""
    return table.set_column(table.column_names.index("dictionary"), "dictionary", table["dictionary"].cast(pa.string()))


def publish(name, table):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    headers = {"content-type": "application/vnd.apache.arrow.stream"}
    urlopen(Request(f"{url}tables/{name}", data=sink.getvalue().to_pybytes(), headers=headers)).read()


def iso_timestamp(count, unit, zone):
    seconds, fraction = divmod(count, PER_SECOND[unit])
    digits = len(str(PER_SECOND[unit])) - 1
    if zone is None or zone == "UTC":
        moment, suffix = datetime.fromtimestamp(seconds, timezone.utc), "" if zone is None else "Z"
    else:
        tz = datetime.strptime(zone, "%z").tzinfo if zone[0] in "+-" else ZoneInfo(zone)
        moment = datetime.fromtimestamp(seconds, tz)
        offset = moment.strftime("%z")
        suffix = f"{offset[:3]}:{offset[3:]}"
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction:0{digits}}" if digits else "") + suffix


def iso_time(count, unit):
    seconds, fraction = divmod(count, PER_SECOND[unit])
    digits = len(str(PER_SECOND[unit])) - 1
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return clock + (f".{fraction:0{digits}}" if digits else "")


def exact(column):
    """A column's values as JSON tells them, worked out from the Arrow values alone."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        counted = column.cast(pa.int64()).to_pylist()
        return [None if count is None else iso_timestamp(count, kind.unit, kind.tz) for count in counted]
    if pa.types.is_time(kind):
        counted = column.cast(pa.int32() if pa.types.is_time32(kind) else pa.int64()).to_pylist()
        return [None if count is None else iso_time(count, kind.unit) for count in counted]
    values = column.to_pylist()
    if pa.types.is_date(kind):
        return [None if value is None else value.isoformat() for value in values]
    if pa.types.is_decimal(kind):
        return [None if value is None else f"{value:f}" for value in values]
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return [None if value is None else base64.b64encode(value).decode() for value in values]
    if pa.types.is_map(kind):
        return [None if value is None else [list(pair) for pair in value] for value in values]
    return values


def same(got, wanted):
    """Values that are equal and of one type; of floats, every bit but a NaN's payload."""
    if isinstance(wanted, float) and isinstance(got, float):
        return math.isnan(wanted) and math.isnan(got) or (got == wanted and math.copysign(1, got) == math.copysign(1, wanted))
    return type(got) is type(wanted) and got == wanted


def compare(name, got, wanted):
    wrong = [pair for pair in zip(got, wanted, strict=True) if not same(*pair)]
    assert wrong == [], f"{reader}, {name}: {wrong}"


def finite(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value


def single(values):
    """float32 columns tell the fewest digits that read back as the same float32."""
    return pa.array(values, pa.float32()).to_pylist()


def read_pyarrow(table):
    got = pa.ipc.open_stream(urlopen(f"{url}tables/every.arrow")).read_all()
    wanted = plain(table)
    assert got.schema.names == wanted.schema.names
    for name in wanted.schema.names:
        assert got[name].type == wanted[name].type, (name, got[name].type)
        compare(name, exact(got[name]), exact(wanted[name]))


def read_json_text(table):
    rows = json.loads(urlopen(f"{url}tables/every.json").read())
    for name in table.schema.names:
        got = [row[name] for row in rows]
        wanted = [finite(value) for value in exact(table[name])]
        compare(name, single(got) if name == "float32" else got, wanted)


def read_csv_text(table):
    text = urlopen(f"{url}tables/every.csv").read().decode()
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert header == table.schema.names
    for i, name in enumerate(header):
        got = [line[i] for line in lines]
        values = exact(table[name])
        if isinstance(next((value for value in values if value is not None), None), float):
            numbers = [None if cell == "" else float(cell) for cell in got]
            compare(name, single(numbers) if name == "float32" else numbers, values)
        elif pa.types.is_nested(table[name].type) and name != "union":
            compare(name, [None if cell == "" else json.loads(cell) for cell in got], values)
        else:
            told = {None: "", True: "true", False: "false"}
            compare(name, got, [told[value] if value is None or isinstance(value, bool) else str(value) for value in values])


# What the readers below have a type for; they read large integers beside nulls, and times, as their own types.
def common():
    return pa.table({
        "n": pa.array([1, -(2**63), 2**63 - 1, 9007199254740993]),
        "x": pa.array([0.1, 1e300, -0.5, 17.0]),
        "word": pa.array(["Oslo", 'a "b", c', "é 表", "two\nlines"]),
        "flag": pa.array([True, False, True, False]),
    })


def compare_columns(columns, table):
    assert list(columns) == table.schema.names
    for name, values in columns.items():
        compare(name, values, table[name].to_pylist())


def read_pandas_json(table):
    import pandas

    frame = pandas.read_json(f"{url}tables/common.json", precise_float=True)
    compare_columns({name: frame[name].tolist() for name in frame}, table)


def read_pandas_csv(table):
    import pandas

    frame = pandas.read_csv(f"{url}tables/common.csv")
    compare_columns({name: frame[name].tolist() for name in frame}, table)


def read_polars_ipc(table):
    import polars

    # The types that polars has: the gateway leaves the other columns out.
    lacking = ("decimal256", "fixed", "map", "union", "time s", "time ms")
    names = [name for name in table.schema.names if name not in lacking and "timestamp s" not in name and "+05" not in name]
    address = f"{url}tables/every.arrow?columns={quote(','.join(names))}"
    for source in (address, urlopen(address).read()):
        frame = polars.read_ipc_stream(source)
        assert frame.columns == names
        for name in names:
            wanted = plain(table)[name]
            compare(name, exact(frame[name].to_arrow().cast(wanted.type)), exact(wanted))


def read_polars_text(table):
    import polars

    frame = polars.read_csv(urlopen(f"{url}tables/common.csv").read())
    compare_columns(frame.to_dict(as_series=False), table)
    frame = polars.read_json(urlopen(f"{url}tables/common.json").read())
    compare_columns(frame.to_dict(as_series=False), table)


def read_duckdb(table):
    import duckdb

    # Without its extension httpfs, DuckDB opens no address: the bytes go through a file, Arrow through memory.
    with tempfile.TemporaryDirectory() as folder:
        for form in ("csv", "json"):
            path = Path(folder, f"common.{form}")
            path.write_bytes(urlopen(f"{url}tables/common.{form}").read())
            relation = duckdb.sql(f"select * from read_{form}('{path.as_posix()}')")
            compare_columns(dict(zip(relation.columns, zip(*relation.fetchall()))), table)
    rows = pa.ipc.open_stream(urlopen(f"{url}tables/common.arrow")).read_all()
    assert duckdb.from_arrow(rows).fetchall() == [tuple(row.values()) for row in table.to_pylist()]


READERS = {
    "pyarrow": ("every", read_pyarrow),
    "json": ("every", read_json_text),
    "csv": ("every", read_csv_text),
    "polars": ("every", read_polars_ipc),
    "polars-text": ("common", read_polars_text),
    "pandas-json": ("common", read_pandas_json),
    "pandas-csv": ("common", read_pandas_csv),
    "duckdb": ("common", read_duckdb),
}
name, read = READERS[reader]
published = every_type() if name == "every" else common()
publish(name, published)
read(published)
print(f"{reader} {published.num_rows}x{published.num_columns}")
