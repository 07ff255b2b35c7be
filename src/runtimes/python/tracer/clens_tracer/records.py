"""The Python mirror of src/trace/format.ts: codes and the layout of one record. A unit test holds the two together."""

# `struct` is a shell around it, and one more file to find at start.
from _struct import Struct

RECORD_BYTES = 64
FORMAT_VERSION = 1
FILE_SUFFIX = ".clens"

# kind, a, b, c, lane, t, t2, site, ref, id, causeLane, causeT, causeSite, text, x
pack_record = Struct("<BBBBIQQIIIIQIIQ").pack_into
# kind, a, b, c, offset, 16 bytes, -, total, number, 28 bytes
pack_string = Struct("<BBBBI16sIII28s").pack_into

HEADER = 1
STRING = 2
SITE = 3
LANE = 4
LANE_BEGIN = 5
LANE_END = 6
LANE_INFO = 7
OBJECT = 8
WAIT_BEGIN = 9
WAIT_READY = 10
WAIT_END = 11
WAIT_DONE = 12
WAIT_ON = 13
OWNER = 14
LEVEL = 15
LINK_FROM = 16
LINK_TO = 17
HANDOFF = 18
JOB_SUBMIT = 19
JOB_BEGIN = 20
JOB_END = 21
OUTPUT = 22
STEP = 23
NOTE = 24
DROPPED = 25

LANGUAGE_PYTHON = 1


def _codes(*words):
    return {word: index + 1 for index, word in enumerate(words)}


LANE_KIND = _codes("main", "thread", "process", "subprocess", "task", "worker", "call")
LANE_FLAG = {"daemon": 1, "helper": 2, "untraced": 4}
LANE_ENDS = _codes("returned", "raised", "exited", "killed", "running")
WAIT_KIND = _codes(
    "join", "lock", "condition", "event", "semaphore", "barrier", "get", "put", "drain",
    "result", "wait", "await", "recv", "send", "exit", "shutdown", "sleep", "io", "idle",
)
OUTCOME = _codes("done", "timed-out", "raised", "cancelled", "waiting", "cut-off")
HANDOFF_KIND = _codes(
    "start", "end-join", "put-get", "submit-run", "run-result",
    "release-acquire", "send-recv", "set-wait", "notify-wait",
)
TARGET = {"none": 0, "lane": 1, "object": 2, "job": 3}
OBJECT_KIND = _codes(
    "lock", "rlock", "condition", "event", "semaphore", "barrier",
    "queue", "pipe", "pool", "future", "port", "loop",
)
NOTE_LEVEL = _codes("info", "warning")
