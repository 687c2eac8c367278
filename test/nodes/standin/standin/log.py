"""Log lines in the form of the vendor's logger."""
import json
import sys
import time


def line(level, message):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f'time="{stamp}" level={level} msg={json.dumps(message, ensure_ascii=False)}', file=sys.stderr, flush=True)
