"""Publishes a small live dataframe: a table `prices`, keyed by symbol, a few updates per second.

    python publish.py [UPDATES [ADDRESS]]     until Ctrl-C, to the gateway's PULL socket on this machine

PUSH waits where PUB drops, so nothing is lost while it connects.

Each publication shows by itself. To hold several back and show them together, add "commit": "hold" to the header,
and when all are there ask for the next version: curl http://127.0.0.1:8080/update_data
"""

import itertools, random, sys, time
import pyarrow as pa, zmq

updates = range(int(sys.argv[1])) if len(sys.argv) > 1 else itertools.count()
address = sys.argv[2] if len(sys.argv) > 2 else "tcp://127.0.0.1:5413"

with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
    socket.linger = 2000  # ends 2 s after the last update even where no gateway is
    socket.connect(address)
    for update in updates:
        batch = pa.record_batch({"symbol": ["ACME", "GLOBEX"], "price": [random.gauss(100, 1), random.gauss(50, 1)]})
        with pa.ipc.new_stream(sink := pa.BufferOutputStream(), batch.schema) as stream:
            stream.write_batch(batch)
        socket.send_multipart([b"prices", b'{"op": "upsert", "key": "symbol"}', sink.getvalue()])
        time.sleep(0.25)
