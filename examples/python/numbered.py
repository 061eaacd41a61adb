"""Publishes a live dataframe of which nothing gets lost in silence: a table `stocks`, a few updates per second, numbered.

    python numbered.py [UPDATES [ADDRESS]]     until Ctrl-C, to the gateway's SUB socket on this machine

PUB drops what its peer cannot take. The gateway sees the number that was left out, asks for the table by a subscription
to `$resync.stocks`, which XPUB sees, and gets it whole. A heartbeat each second tells of a loss at the end.
"""

import itertools, json, random, sys, time, uuid
import pyarrow as pa, zmq

updates = range(int(sys.argv[1])) if len(sys.argv) > 1 else itertools.count()
address = sys.argv[2] if len(sys.argv) > 2 else "tcp://127.0.0.1:5412"
run, prices = str(uuid.uuid4()), {}


def send(seq, symbols, **header):
    batch = pa.record_batch({"symbol": symbols, "price": [prices[symbol] for symbol in symbols]})
    with pa.ipc.new_stream(sink := pa.BufferOutputStream(), batch.schema) as stream:
        stream.write_batch(batch)
    header = {"key": "symbol", "run": run, "seq": seq, **header}
    socket.send_multipart([b"stocks", json.dumps(header).encode(), sink.getvalue()])


with zmq.Context() as context, context.socket(zmq.XPUB) as socket:
    socket.linger = 2000
    socket.xpub_verbose = True  # requests of a second gateway are seen too
    socket.connect(address)
    heartbeat_at = time.monotonic() + 1
    for seq in (update + 1 for update in updates):
        symbol = random.choice(["ACME", "GLOBEX", "INITECH", "HOOLI"])
        prices[symbol] = round(random.gauss(100, 1), 2)
        send(seq, [symbol], op="upsert")
        next_at = time.monotonic() + 0.25
        while (rest := next_at - time.monotonic()) > 0:
            if socket.poll(rest * 1000) and socket.recv() in (b"\x01$resync.", b"\x01$resync.stocks"):
                send(seq, list(prices), op="replace", snapshot=True)
        if time.monotonic() >= heartbeat_at:
            heartbeat_at = time.monotonic() + 1
            socket.send_multipart([b"$heartbeat", json.dumps({"run": run, "tables": {"stocks": seq}}).encode()])
