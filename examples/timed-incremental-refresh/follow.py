"""Keeps FILE an exact copy of a table's rows, by asking each second for those written since the last time.

    python follow.py TABLE FILE [EVERY_S [GATEWAY]]
"""

import json, os, sys, time, urllib.request
from urllib.error import URLError
from urllib.parse import quote

table, file_path = sys.argv[1:3]
every_s = float(sys.argv[3]) if len(sys.argv) > 3 else 1
gateway = sys.argv[4] if len(sys.argv) > 4 else "http://127.0.0.1:8080"


def read(path):
    with urllib.request.urlopen(f"{gateway}/tables/{quote(table)}{path}") as answer:
        return answer.headers, json.load(answer)


def keep(rows):
    with open(f"{file_path}.new", "w") as file:
        json.dump(rows, file)
    os.replace(f"{file_path}.new", file_path)


copy, key, since = [], None, ""
while True:
    try:
        headers, rows = read(f".json{since}")
        is_delta = headers["Tablecast-Change"] == "delta"
        copy = copy + rows if is_delta else rows
        if rows:  # Older rows have null in columns that have come since.
            copy = [dict.fromkeys(rows[0]) | row for row in copy]
        if not is_delta:  # The first time, and where rows alone do not lead there: a new log, deleted rows, too long ago.
            key = read("")[1]["key"]
        if key:  # A row that is written again keeps its place.
            copy = list({tuple(row[name] for name in key): row for row in copy}.values())
        copy = copy[int(headers["Tablecast-Drop-First"] or 0) :]
        keep(copy)
        since = f"?since={headers['Tablecast-Version']}&epoch={headers['Tablecast-Epoch']}"
        what = "changes" if is_delta else "the whole table"
        print(f"version {headers['Tablecast-Version']}: {what}, {len(rows)} rows; {len(copy)} are there", flush=True)
    except URLError as problem:
        print(problem, flush=True)
    time.sleep(every_s)
