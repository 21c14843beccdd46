"""deploy and destroy (contract 4.1 to 4.3)."""
import json
import logging
import os
import shutil
import time
from datetime import datetime

import caddyfile
import tools
from compose import ComposeFile
from names import App
from tools import NODE, Failed

log = logging.getLogger("handler")


def wait(app):
    """Waits until any mark exists, even an old one."""
    for _ in range(1200):
        if tools.keys_below(app.marks()):
            tools.delete_below(app.marks())
            return
        time.sleep(1)
    raise Failed(f"No mark came below {app.marks()}")


def script(directory, name, *arguments):
    if not os.path.exists(f"{directory}/{name}"):
        log.warning("No %s in %s", name, directory)
        return
    tools.run_anyhow("sh", f"{directory}/{name}", *arguments, cwd=directory)


class State:
    """An app as the KV store has it when the handler begins."""

    def __init__(self, app, event):
        self.app = app
        self.master = tools.field(app, "master")
        self.slave = tools.field(app, "slave") if self.master else None
        self.previous = tools.field(app, "deploy_id") if self.master else None
        directory_of = self.previous
        if directory_of == event:
            directory_of = tools.field(app, "previous_deploy_id")
        self.directory = app.directory(directory_of) if directory_of else None
        self.volumes = tools.field(app, "volumes") if self.master else None
        if self.volumes is None:
            self.volumes = []
            if self.directory and os.path.exists(f"{self.directory}/docker-compose.yml"):
                self.volumes = ComposeFile(app, self.directory).volumes()

    def role(self):
        return "master" if self.master == NODE else "slave" if self.slave == NODE else "none"

    def compose(self, *arguments):
        compose_in(self.app, self.directory, *arguments)

    def unschedule(self):
        for volume in self.volumes:
            action = f"replicate:{tools.address(self.slave)}" if self.slave else "snapshot"
            tools.schedule(action, 0, volume)
        tools.purge(self.volumes, on=False)

    def remove_directory(self):
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)


def compose_in(app, directory, *arguments):
    if not directory or not os.path.isdir(directory):
        log.warning("No project directory %s", directory)
        return
    tools.run_anyhow("docker-compose", "-p", app.project, *arguments, cwd=directory)


class Deployment:
    def __init__(self, event, payload):
        for field in ("repo", "master"):
            if not payload.get(field):
                raise Failed(f"deploy wants a {field}")
        self.event = event
        self.new_master, self.new_slave = payload["master"], payload.get("slave") or None
        if self.new_master == self.new_slave:
            raise Failed(f"master and slave must not be the same node: {self.new_master}")
        if not payload.get("branch"):
            raise Failed("deploy wants a branch")
        self.update = payload.get("update")
        self.app = App(payload["repo"], payload["branch"])
        self.directory = self.app.directory(event)
        self.old = State(self.app, event)
        self.date = None
        self.file = None

    def run(self):
        before = self.old.role()
        after = "master" if self.new_master == NODE else "slave" if self.new_slave == NODE else "none"
        log.info("%s: %s becomes %s", self.app.name, before, after)
        if before == "master" and after == "master":
            self.stay_master()
        elif before == "master":
            self.leave_master(after)
        else:
            if before == "slave":
                tools.purge(self.old.volumes, on=False)
            if after == "master":
                self.become_master()
            elif after == "slave":
                self.clone()
                tools.purge(self.file.volumes(), on=True)
        if before != "none":
            self.old.remove_directory()

    def stay_master(self):
        tools.put(self.app.maintenance())
        self.old.compose("down")
        self.old.unschedule()
        tools.delete_below(self.app.marks())
        for volume in self.old.volumes:
            tools.snapshot(volume)
        self.prepare()
        self.start()

    def leave_master(self, after):
        self.send_all()
        tools.put(self.app.maintenance())
        self.old.compose("down")
        self.old.unschedule()
        tools.delete_below(self.app.marks())
        try:
            self.send_all()
            tools.put(self.app.marks() + "success")
        except Failed:
            tools.put(self.app.marks() + "failure")
            compose_in(self.app, self.directory, "up", "-d")
            tools.delete(self.app.maintenance())
            raise
        tools.agent("PUT", f"deregister/{self.app.name}")
        self.old.compose("down", "-v")
        if after == "slave":
            self.clone()
            tools.purge(self.file.volumes(), on=True)

    def send_all(self):
        for volume in self.old.volumes:
            tools.send(self.new_master, tools.snapshot(volume))

    def become_master(self):
        self.prepare()
        if self.old.master:
            wait(self.app)
            for volume in self.file.volumes():
                if volume in self.old.volumes:
                    tools.run("buttervolume", "restore", volume)
        self.start()

    def clone(self):
        argv = ["git", "clone", "--depth", "1", "-b", self.app.branch, self.app.url, self.directory]
        for last in (False, True):
            shutil.rmtree(self.directory, ignore_errors=True)
            self.date = datetime.now().strftime("%Y-%m-%dT%H%M%S.%f")
            try:
                tools.run(*argv, cwd="/deploy")
                break
            except Failed as error:
                log.error("%s", error)
                if last:
                    raise
        with open(f"{self.directory}/.env", "a", encoding="utf-8") as file:
            file.write(f"COMPOSE_PROJECT_NAME={self.app.project}\n")
        self.file = ComposeFile(self.app, self.directory)

    def prepare(self):
        self.clone()
        self.file.check()
        compose_in(self.app, self.directory, "pull")
        compose_in(self.app, self.directory, "build", "--pull")

    def start(self):
        if self.update:
            script(self.directory, "update.sh", "-r", self.app.url, "-b", self.app.branch)
        compose_in(self.app, self.directory, "up", "-d")
        volumes = self.file.volumes()
        for volume in volumes:
            action = f"replicate:{tools.address(self.new_slave)}" if self.new_slave else "snapshot"
            tools.schedule(action, 60, volume)
        tools.purge(volumes, on=True)
        self.publish()

    def publish(self):
        tools.put(self.app.key(), json.dumps(self.record()))
        registration = self.file.registration()
        if os.path.exists(f"{self.directory}/service.json"):
            with open(f"{self.directory}/service.json", encoding="utf-8") as file:
                registration = file.read()
        tools.agent("PUT", "register", registration.encode())
        tools.delete(self.app.maintenance())

    def record(self):
        return {
            "haproxy": self.file.haproxy(),
            "caddyfile": caddyfile.render(self.file.sites()),
            "repo_url": self.app.url,
            "branch": self.app.branch,
            "deploy_date": self.date,
            "deploy_id": self.event,
            "previous_deploy_id": self.old.previous,
            "domains": self.file.domains(),
            "urls": ", ".join(self.file.urls()),
            "ip": tools.address(self.new_master),
            "master": self.new_master,
            "slave": self.new_slave,
            "ct": self.file.containers(),
            "volumes": self.file.volumes(),
        }


def deploy(event, payload):
    Deployment(event, payload).run()


def destroy(event, payload):
    if not payload.get("repo") or not payload.get("branch"):
        raise Failed("destroy wants a repo and a branch")
    app = App(payload["repo"], payload["branch"])
    old = State(app, event)
    role = old.role()
    log.info("%s: %s is destroyed", app.name, role)
    if role == "master":
        old.compose("down")
        tools.agent("PUT", f"deregister/{app.name}")
        old.unschedule()
        tools.delete(app.key())
        for volume in old.volumes:
            tools.snapshot(volume)
        old.compose("down", "-v")
    elif role == "slave":
        tools.purge(old.volumes, on=False)
    if role != "none":
        old.remove_directory()
