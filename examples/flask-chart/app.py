"""A page that Flask renders, with charts that Tablecast draws.

    python app.py [PORT [GATEWAY]]
"""

import sys
from flask import Flask, render_template

port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
gateway = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"
app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html", tables=f"{gateway}/tables")


app.run(port=port)
