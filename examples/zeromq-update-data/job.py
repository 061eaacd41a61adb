"""Decides when viewers see what was published: asks for the next version every few seconds.

    python job.py [EVERY_S [GATEWAY]]
"""

import json, sys, time, urllib.request

every_s = float(sys.argv[1]) if len(sys.argv) > 1 else 5
gateway = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"

while True:
    # Without ?wait=rendered it answers at once; with it, when all open pages have drawn the version.
    with urllib.request.urlopen(f"{gateway}/update_data?wait=rendered", data=b"") as answer:
        told = json.load(answer)
    print(f"version {told['version']}: {told['tables']}, drawn by {told['rendered']} of {told['viewers']} viewers", flush=True)
    time.sleep(every_s)
