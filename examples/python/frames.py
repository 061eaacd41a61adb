"""Dataframes of four libraries over three transports, with nothing of ours: all that a producer may do, once.

    python frames.py pandas|polars|pyarrow|duckdb push|pub|http [ADDRESS]
"""

import json, sys
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen
import pyarrow as pa, zmq

library, transport, *rest = sys.argv[1:]
address = rest[0] if rest else {"push": "tcp://127.0.0.1:5413", "pub": "tcp://127.0.0.1:5412", "http": "http://127.0.0.1:8080"}[transport]
columns = {"city": ["Oslo", "Rome"], "celsius": [4.5, 17.0]}

# Each library's frame, a part of it, and the part as a table of pyarrow.
if library == "pandas":
    import pandas
    frame = pandas.DataFrame(columns)
    part = frame[frame.city == "Rome"]
    arrow = lambda frame: pa.Table.from_pandas(frame, preserve_index=False)  # filtered, it has an index to leave out
elif library == "polars":
    import polars
    frame = polars.DataFrame(columns)
    part = frame.filter(polars.col("city") == "Rome")
    arrow = lambda frame: frame.to_arrow()
elif library == "duckdb":
    import duckdb
    frame = duckdb.sql("select * from (values ('Oslo', 4.5::double), ('Rome', 17)) t(city, celsius)")
    part = frame.filter("city = 'Rome'")
    arrow = lambda frame: frame.to_arrow_table()  # its arrow() gives a reader
else:
    frame = pa.table(columns)
    part = frame.slice(1)
    arrow = lambda frame: frame

if transport != "http":
    socket = zmq.Context.instance().socket(zmq.PUSH if transport == "push" else zmq.XPUB)
    socket.linger = 5000  # on leaving, so many milliseconds remain to send what waits; without it a missing gateway keeps the program
    socket.connect(address)
    if transport == "pub":
        socket.rcvtimeo = 10_000
        socket.recv()  # the gateway's subscription: what is published before it comes is lost

def publish(table, frame, **header):
    with pa.ipc.new_stream(sink := pa.BufferOutputStream(), arrow(frame).schema) as stream:
        stream.write_table(arrow(frame))
    if transport == "http":  # answers once it is taken; what is refused is an HTTPError with the reason as its body
        url = f"{address}/tables/{quote(table)}?{urlencode(header)}"
        urlopen(Request(url, sink.getvalue().to_pybytes(), {"Content-Type": "application/vnd.apache.arrow.stream"})).read()
    else:
        socket.send_multipart([table.encode(), json.dumps(header).encode(), sink.getvalue()])

publish(f"{library}-whole", part)
publish(f"{library}-whole", frame)  # in the place of what was there
publish(f"{library}-log", frame, op="append")
publish(f"{library}-log", part, op="append")
publish(f"{library}-cities", frame, op="upsert", key="city")
publish(f"{library}-cities", part, op="delete")
publish(f"{library}-later", frame, commit="hold")  # until /update_data
