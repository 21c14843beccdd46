"""docker-py, consulate and python-consul with the variables of `labctl run --docker-host NODE`.

NODE says which node that is; IMAGE is an image on the node that has a shell.
"""
import os
import threading
import uuid

import consul
import consulate
import consulate_json  # noqa: F401
import docker
import pytest

DRIVER = "anybox/buttervolume:latest"
NODES = {"core1", "core2", "core3", "core4"}
ADDRESS = os.environ["CONSUL_HTTP_ADDR"].split(":")


@pytest.fixture
def engine():
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture
def key():
    key = f"clients/{uuid.uuid4()}"
    yield key
    consul.Consul().kv.delete(key)


def test_docker_py_talks_to_the_node(engine):
    assert engine.info()["Name"] == os.environ["NODE"]
    running = {container.name for container in engine.containers.list()}
    assert {"cluster_consul_1", "cluster_haproxy_1", "cluster_caddy_1"} <= running


def test_docker_py_runs_a_container_and_a_command_in_it(engine):
    container = engine.containers.run(os.environ["IMAGE"], ["sleep", "infinity"], entrypoint="", detach=True)
    try:
        status, out = container.exec_run(["sh", "-c", "echo $((6 * 7)); exit 3"])
        assert (status, out) == (3, b"42\n")
        container.reload()
        assert container.status == "running"
    finally:
        container.remove(force=True)
    with pytest.raises(docker.errors.NotFound):
        engine.containers.get(container.id)


def test_docker_py_keeps_data_in_a_volume_of_the_plugin(engine):
    plugin = engine.plugins.get(DRIVER)
    assert plugin.enabled
    volume = engine.volumes.create(f"clients-{uuid.uuid4()}", driver=DRIVER)
    try:
        run = dict(entrypoint="", remove=True, volumes={volume.name: {"bind": "/data", "mode": "rw"}})
        engine.containers.run(os.environ["IMAGE"], ["sh", "-c", "echo kept >/data/file"], **run)
        assert engine.containers.run(os.environ["IMAGE"], ["cat", "/data/file"], **run) == b"kept\n"
        assert volume.name in {one.name for one in engine.volumes.list(filters={"driver": DRIVER})}
    finally:
        volume.remove()


def test_consulate_writes_what_python_consul_reads(key):
    session = consulate.Consul(host=ADDRESS[0], port=int(ADDRESS[1]))
    session.kv[key] = "written"
    assert consul.Consul().kv.get(key)[1]["Value"] == b"written"
    assert key in session.kv
    assert session.kv[key] == "written"
    del session.kv[key]
    assert consul.Consul().kv.get(key)[1] is None
    assert {node["Node"] for node in session.catalog.nodes()} == NODES
    assert session.status.leader().endswith(":8300")


def test_python_consul_waits_for_a_change(key):
    client = consul.Consul()
    index, before = client.kv.get(key)
    assert before is None
    writer = threading.Thread(target=lambda: consul.Consul().kv.put(key, "new"))
    seen = None
    patience = 20
    while seen is None and patience > 0:
        if not writer.ident:
            writer.start()
        index, seen = client.kv.get(key, index=index, wait="5s")
        patience -= 1
    writer.join()
    assert seen["Value"] == b"new"


def test_python_consul_fires_an_event_and_lists_the_nodes():
    client = consul.Consul()
    fired = client.event.fire("clients", "payload")
    assert {node["Node"] for node in client.catalog.nodes()[1]} == NODES
    index, events = client.event.list("clients")
    while fired["ID"] not in {event["ID"] for event in events}:  # the agent hears of it by gossip
        index, events = client.event.list("clients", index=index, wait="5s")
