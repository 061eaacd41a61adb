"""Publishes two dataframes twice a second, and shows neither: that is for /update_data.

    python producer.py [EVERY_S [ADDRESS]]
"""

import itertools, random, sys, time
import pandas as pd, pyarrow as pa, zmq

every_s = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
address = sys.argv[2] if len(sys.argv) > 2 else "tcp://127.0.0.1:5413"
symbols = ["ACME", "GLOBEX", "INITECH"]


def publish(socket, name, frame, header):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with pa.ipc.new_stream(sink := pa.BufferOutputStream(), table.schema) as stream:
        stream.write_table(table)
    socket.send_multipart([name, header, sink.getvalue()])


sold = dict.fromkeys(symbols, 0)
with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
    socket.linger = 0
    socket.connect(address)
    for order in itertools.count(1):
        symbol, pieces = random.choice(symbols), random.randint(1, 9)
        sold[symbol] += pieces
        orders = pd.DataFrame({"order": [order], "symbol": [symbol], "pieces": [pieces]})
        totals = pd.DataFrame({"symbol": list(sold), "pieces": list(sold.values())})
        publish(socket, b"orders", orders, b'{"op": "append", "commit": "hold"}')
        publish(socket, b"totals", totals, b'{"op": "replace", "commit": "hold"}')
        time.sleep(every_s)
