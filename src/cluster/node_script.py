# labctl runs this in a node's Consul container: python3 -I -S -c SCRIPT. Each input line is one REQUEST. The
# program looks at what the node has outside Docker: the volume plugin's schedules and snapshots (contract 7)
# and the clones. If asked to, it removes what it found of an app. It prints one line per request. It ends at
# the end of its input, or after LONGEST_SILENCE without a request.
# REQUEST: {"plugins": folder, "deploy": folder, "volumes": prefix, "clones": [prefix, ...] or null for all},
# for a removal also "remove": {"port": of the plugins' sshd, "patience": seconds}.
# Output: {"seen": LOOK}, after a removal also "troubles": [text, ...].
# Or REQUEST is {"read": [path, ...]}, the output {"files": PART}, where a missing file is null.
# LOOK is {"schedules": PART, "snapshots": PART, "clones": PART}, PART is {"value": [...]} or {"error": text}.
# The program must run with Python 3.4: containers of old clusters have no newer version.
import json
import os
import signal
import socket
import sys
import time

request = None
troubles = []
LONGEST_SILENCE = 900  # seconds; for a connection that was lost without a word
ESTABLISHED, SYN_SENT, CLOSE_WAIT = "01", "02", "08"  # as the kernel's tables have them


class Trouble(Exception):
    pass


def plugin_sockets():
    folder = request["plugins"]
    names = [os.path.join(folder, "btrfs.sock")]
    try:
        for name in sorted(os.listdir(folder)):
            names.append(os.path.join(folder, name, "btrfs.sock"))
    except OSError as error:
        raise Trouble("no volume plugin: %s: %s" % (folder, error.strerror))
    return [name for name in names if os.path.exists(name)]


def connect():
    sockets = plugin_sockets()
    if not sockets:
        raise Trouble("no volume plugin: no btrfs.sock in or below " + request["plugins"])
    why = None
    for name in sockets:
        plugin = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        plugin.settimeout(15)
        try:
            plugin.connect(name)
            return plugin
        except OSError as error:
            plugin.close()
            why = why or Trouble("the volume plugin does not answer: %s: %s" % (name, error))
    raise why


# With HTTP/1.0 the reply is not chunked; it ends when the connection is closed.
def ask(operation, body=None):
    data = b"" if body is None else json.dumps(body).encode()
    head = "%s /VolumeDriver.%s HTTP/1.0\r\nHost: plugin\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    plugin = connect()
    try:
        plugin.sendall((head % ("GET" if body is None else "POST", operation, len(data))).encode() + data)
        reply = b""
        while True:
            more = plugin.recv(65536)
            if not more:
                break
            reply += more
    except OSError as error:
        raise Trouble("the volume plugin does not answer %s: %s" % (operation, error))
    finally:
        plugin.close()
    head, _, text = reply.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return status, text.decode("utf-8", "replace")


def said(operation, answer):
    status, text = answer
    try:
        reply = json.loads(text) if status == 200 else None
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise Trouble("the volume plugin answered %s with status %d: %s" % (operation, status, text[:200]))
    if reply.get("Err"):
        raise Trouble("the volume plugin says of %s: %s" % (operation, str(reply["Err"]).strip()))
    return reply


def listed(operation, field):
    answer = ask(operation)
    if answer[0] in (404, 405):  # plugins up to 3.10
        answer = ask(operation, {"Name": ""})
    value = said(operation, answer).get(field)
    if not isinstance(value, list):
        raise Trouble("the volume plugin's answer to %s has no %s" % (operation, field))
    return value


# The plugin reads, changes and writes its schedules in place, without a lock. So every program that reads or
# changes schedules on this node locks this file, and removes it before it releases the lock.
class Turn:
    def __enter__(self):
        import fcntl
        self.path = os.path.join(request["deploy"], "schedules.lock")
        while True:
            self.file = open(self.path, "a")
            fcntl.flock(self.file, fcntl.LOCK_EX)
            try:
                if os.path.samestat(os.fstat(self.file.fileno()), os.stat(self.path)):
                    return self
            except FileNotFoundError:
                pass
            self.file.close()

    def __exit__(self, *error):
        os.unlink(self.path)
        self.file.close()


def schedules():
    if not os.path.isdir(request["deploy"]):
        return listed_schedules()
    with Turn():
        return listed_schedules()


# Not every handler takes this lock: a list is valid if two consecutive reads are equal.
def listed_schedules():
    last = None
    for _ in range(20):
        found = listed("Schedule.List", "Schedule")
        if found == last:
            return [one for one in found if str(one.get("Name", "")).startswith(request["volumes"])]
        last = found
    raise Trouble("the volume plugin's schedule changes all the time")


def snapshots():
    return sorted(name for name in listed("Snapshot.List", "Snapshots") if name.startswith(request["volumes"]))


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


# Reads the commit from git's files, without starting git.
def head_of(folder):
    git = os.path.join(folder, ".git")
    head = text_of(os.path.join(git, "HEAD")).strip()
    if not head.startswith("ref: "):
        return head
    branch = head[5:]
    try:
        return text_of(os.path.join(git, branch)).strip()
    except FileNotFoundError:
        for line in text_of(os.path.join(git, "packed-refs")).splitlines():
            if line.endswith(" " + branch):
                return line.split(" ")[0]
        raise


def clone_names():
    try:
        entries = sorted(os.listdir(request["deploy"]))
    except OSError as error:
        raise Trouble("cannot list %s: %s" % (request["deploy"], error.strerror))
    wanted = request["clones"]
    names = [name for name in entries if not name.startswith(".")]
    if wanted is not None:
        names = [name for name in names if any(name.startswith(prefix) for prefix in wanted)]
    return [name for name in names if os.path.isdir(os.path.join(request["deploy"], name))]


def clones():
    found = []
    for name in clone_names():
        folder = os.path.join(request["deploy"], name)
        clone = {"name": name}
        try:
            clone["head"] = head_of(folder)
        except OSError as error:
            clone["head_error"] = str(error)
        try:
            clone["env"] = text_of(os.path.join(folder, ".env"))
        except FileNotFoundError:
            pass
        except OSError as error:
            clone["env_error"] = str(error)
        found.append(clone)
    return found


def attempt(what, action):
    try:
        action()
    except (Trouble, OSError) as error:
        troubles.append("%s: %s" % (what, error))


def remove_schedules():
    with Turn():
        for one in listed_schedules():
            body = {"Name": one["Name"], "Action": one["Action"], "Timer": "0"}
            what = "schedule %s of %s" % (one["Action"], one["Name"])
            attempt(what, lambda: said("Schedule", ask("Schedule", body)))


def remove_snapshots():
    for name in snapshots():
        attempt("snapshot " + name, lambda: said("Snapshot.Remove", ask("Snapshot.Remove", {"Name": name})))


# This node's connections to other nodes' plugins, from the kernel's tables of this network namespace; the
# plugin uses the same one (contract 7). Each connection sends a snapshot, and lasts until the other side has
# the whole snapshot.
def sends():
    port = ":%04X" % request["remove"]["port"]
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        for line in text_of(table).splitlines()[1:]:
            local, remote, state = line.split()[1:4]
            if remote.endswith(port) and state in (ESTABLISHED, SYN_SENT, CLOSE_WAIT):
                found.add((local, remote))
    return found


# A small snapshot can be removed here as soon as the sender has read it, long before the other side has it.
# After the removal no new transfer of it begins, so only the current transfers have to end.
def await_sends():
    deadline = time.monotonic() + request["remove"]["patience"]
    under_way = sends()
    while under_way:
        if time.monotonic() >= deadline:
            raise Trouble("%d are still being sent to other nodes" % len(under_way))
        time.sleep(0.02)  # of another program's connection only a kernel with inet_diag tells the end
        under_way &= sends()


def remove_clones():
    import shutil
    for name in clone_names():
        attempt("clone " + name, lambda: shutil.rmtree(os.path.join(request["deploy"], name)))


def part(of):
    try:
        return {"value": of()}
    except (Trouble, OSError) as error:
        return {"error": str(error)}


def look():
    return {"schedules": part(schedules), "snapshots": part(snapshots), "clones": part(clones)}


def files():
    def text_or_none(path):
        try:
            return text_of(path)
        except FileNotFoundError:
            return None
    return [text_or_none(path) for path in request["read"]]


def report():
    if "read" in request:
        return {"files": part(files)}
    told = {"seen": look()}
    if "remove" not in request:
        return told
    if not request["volumes"] or not request["clones"]:
        sys.exit("nothing is removed without an app's name")
    if any(one.get("value") for one in told["seen"].values()):
        attempt("schedules", remove_schedules)
        attempt("snapshots", remove_snapshots)
        attempt("clones", remove_clones)
    if told["seen"]["snapshots"].get("value"):
        attempt("snapshots", await_sends)
    told["troubles"] = troubles
    return told


signal.alarm(LONGEST_SILENCE)
for line in sys.stdin:
    request = json.loads(line)
    troubles = []
    print(json.dumps(report()), flush=True)
    signal.alarm(LONGEST_SILENCE)
