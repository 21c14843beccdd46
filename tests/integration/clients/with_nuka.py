"""Two jobs of nuka at once in the container "plop" of the engine that DOCKER_HOST names.

with_nuka.py IMAGE [-v] [--debug]; the container is made if it is not there; the image needs python3 and bash.
"""
import functools
import os
import sys

import nuka_asyncio  # noqa: F401  before nuka
import docker
import nuka
from nuka.hosts import docker_host
from nuka.tasks import file, shell

# nuka makes its client of the engine without an address, which means /var/run/docker.sock.
docker_host.DockerClient = functools.partial(docker.APIClient, base_url=os.environ["DOCKER_HOST"])

host = docker_host.DockerContainer(hostname="plop", image=sys.argv.pop(1), command="sleep infinity")


async def say(host):
    print((await shell.command(["echo", "it works"], host=host)).res["stdout"], end="")
    print((await shell.command(["echo", "it works too"])).res["stdout"], end="")  # of the caller's host


async def show(host):
    print((await file.cat("/etc/resolv.conf")).res["content"], end="")


nuka.run(say(host), show(host))
