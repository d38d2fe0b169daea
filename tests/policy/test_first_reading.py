"""A server's threads read their first pack at the same moment."""

import json
import os
import subprocess
import sys

from jingwei.policy import load
from jingwei.policy.folders import shelf

READ_AT_ONCE = """
import json, sys, threading
sys.setswitchinterval(1e-6)
import django; django.setup()
from jingwei.policy.books import Book
from jingwei.policy.sections import registered
document = json.load(sys.stdin)
together = threading.Barrier(8)
def read():
    book = Book('weishui', document)
    together.wait()
    for one in registered():
        book[one.struct]
threads = [threading.Thread(target=read) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
print("read")
"""


def test_eight_threads_that_read_the_first_pack_at_once_all_read_it() -> None:
    document = json.dumps(load(shelf() / "weishui").document)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    for _once in range(4):
        done = subprocess.run(
            [sys.executable, "-c", READ_AT_ONCE], env=env, input=document, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.strip()) == (0, "read"), done.stderr[-500:]
