"""Publishes this machine's load, and lets the table keep the last ten values.

    python monitor.py [EVERY_S [ADDRESS]]
"""

import json, sys
from datetime import datetime, timezone
import psutil, pyarrow as pa, zmq

every_s = float(sys.argv[1]) if len(sys.argv) > 1 else 1
address = sys.argv[2] if len(sys.argv) > 2 else "tcp://127.0.0.1:5413"
header = json.dumps({"op": "append", "retention": {"max_rows": 10}}).encode()

with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
    socket.linger = 0
    socket.connect(address)
    while True:
        load = psutil.cpu_percent(interval=every_s)
        batch = pa.record_batch({"time": [datetime.now(timezone.utc)], "load_percent": [load]})
        with pa.ipc.new_stream(sink := pa.BufferOutputStream(), batch.schema) as stream:
            stream.write_batch(batch)
        socket.send_multipart([b"load", header, sink.getvalue()])
