"""The programs and services of a node that the handler uses."""
import base64
import json
import logging
import os
import socket
import subprocess
import urllib.error
import urllib.request

log = logging.getLogger("handler")
DRIVER = os.environ.get("BTRFSDRIVER", "anybox/buttervolume:latest")
NODE = socket.gethostname()


class Failed(Exception):
    """Ends the event, and with it the batch."""


def run(*argv, cwd=None, given=None):
    """The output of a program that must not fail."""
    log.debug("Running %s", " ".join(argv))
    done = subprocess.run(argv, cwd=cwd, input=given, text=True, capture_output=True)
    if done.returncode != 0:
        raise Failed(f"Failed to run {' '.join(argv)}: {done.stderr.strip()}")
    return done.stdout


def run_anyhow(*argv, cwd=None):
    """A program whose exit status nobody looks at."""
    log.debug("Running %s", " ".join(argv))
    done = subprocess.run(argv, cwd=cwd, text=True, capture_output=True)
    if done.returncode != 0:
        log.warning("%s ended with %s: %s", " ".join(argv[:4]), done.returncode, done.stderr.strip()[-300:])


def put(key, value=""):
    run("consul", "kv", "put", key, "-", given=value)


def delete(key):
    run("consul", "kv", "delete", key)


def delete_below(prefix):
    run("consul", "kv", "delete", "-recurse", prefix)


def keys_below(prefix):
    return run("consul", "kv", "get", "-keys", prefix).split()


def field(app, name):
    """One field of app/N; whatever goes wrong, there is none."""
    try:
        return json.loads(run("consul", "kv", "get", app.key()))[name]
    except (Failed, ValueError, KeyError, TypeError) as error:
        log.error("%s", error)
        return None


def all_apps():
    """(key, value) of every app/*."""
    entries = json.loads(run("consul", "kv", "export", "app/")) or []
    return [(one["key"], json.loads(base64.b64decode(one["value"]))) for one in entries]


def address(node):
    for line in run("consul", "members").splitlines()[1:]:
        name, place = line.split()[:2]
        if name == node:
            return place.split(":")[0]
    raise Failed(f"No member {node} in the cluster")


def agent(method, path, body=b""):
    request = urllib.request.Request(f"http://localhost:8500/v1/agent/service/{path}", data=body, method=method)
    try:
        urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        # Consul 1.14 answers 404 for an unknown service; older versions report success.
        if error.code != 404 or not path.startswith("deregister/"):
            raise Failed(f"Consul answered {error.code} to {path}") from error


def docker_volumes():
    lines = run("docker", "volume", "ls", "-f", f"driver={DRIVER}").splitlines()[1:]
    return [line.split()[1] for line in lines]


def snapshot(volume):
    """Its name; none of a volume that is not here."""
    if volume not in docker_volumes():
        log.warning("No volume %s here", volume)
        return None
    return run("buttervolume", "snapshot", volume).strip()


def send(node, name):
    run_anyhow("buttervolume", "send", address(node), str(name))


def schedule(action, minutes, volume):
    run_anyhow("buttervolume", "schedule", action, str(minutes), volume)


def purge(volumes, on):
    for volume in volumes:
        schedule("purge:1h:1d:1w:4w:1y", 1440 if on else 0, volume)


def non_migrable(volume):
    label = "com.github.mlfmonde.cluster.nonmigrable"
    seen = run("docker", "volume", "inspect", "-f", f'{{{{index .Labels "{label}"}}}}', volume)
    return seen.strip().lower() in ("true", "1")
