"""migrate (contract 4.4)."""
import logging

import tools
from deployment import State, compose_in, script, wait
from names import App
from tools import NODE, Failed

log = logging.getLogger("handler")


def kind(volume):
    """What the volumes of two apps have in common."""
    return volume.split("_", 1)[1]


def migrate(event, payload):
    if not payload.get("repo") or not payload.get("branch"):
        raise Failed("migrate wants a repo and a branch")
    target = payload.get("target") or {}
    if not target.get("repo") and not target.get("branch"):
        raise Failed("migrate wants a target")
    source = App(payload["repo"], payload["branch"])
    target = App(target.get("repo") or payload["repo"], target.get("branch") or payload["branch"])
    ours, theirs = State(source, event), State(target, event)
    pairs = [(one, other) for one in ours.volumes for other in theirs.volumes if kind(one) == kind(other)]
    if ours.master != theirs.master:
        if ours.master == NODE:
            give(source, theirs.master, pairs)
        elif theirs.master == NODE:
            wait(source)
    if theirs.master == NODE:
        take(source, theirs, pairs, payload.get("update", True))


def give(source, master, pairs):
    try:
        for volume, _ in pairs:
            tools.send(master, tools.snapshot(volume))
        tools.put(source.marks() + "success")
    except Failed:
        tools.put(source.marks() + "failure")
        tools.delete(source.maintenance())
        raise


def take(source, state, pairs, update):
    app = state.app
    tools.put(app.maintenance())
    state.compose("down")
    for volume, own in pairs:
        if tools.non_migrable(own):
            log.info("%s is not migrable", own)
        else:
            tools.run("buttervolume", "restore", volume, own)
    script(state.directory, "post_migrate.sh", "-R", source.url, "-B", source.branch, "-r", app.url, "-b", app.branch)
    if update:
        script(state.directory, "update.sh", "-r", app.url, "-b", app.branch)
    compose_in(app, state.directory, "up", "-d")
    tools.delete(app.maintenance())
