"""HTTP side of the cluster's test service.

GET  /              HTML with links to ./example and ./example/1
GET  /example       JSON list of records {"id", "name", "content"}
GET  /example/<id>  the record's name as text; an unknown id is a server error, as clients expect
POST /example       name, content as query or form: 201, Location, the record as JSON; content also goes into the files
                    /var/test_service/<name> and /var/cache/<name>
GET  /health        200 once the database is initialised; for the container's health check

Every answer says in X-Labctl-Container which container it comes from: its host name, which the engine can tell too.
"""

import argparse
import http
import http.server
import json
import pathlib
import re
import signal
import socket
import sys
import threading
import urllib.parse

import database

FOLDERS = (pathlib.Path("/var/test_service"), pathlib.Path("/var/cache"))

PAGE = """<!doctype html>
<html><head><title>Cluster lab test service</title></head>
<body><h1>Cluster lab test service</h1>
<ul><li><a href="./example">all examples</a></li><li><a href="./example/1">the first example</a></li></ul>
</body></html>
"""


class BadRequest(Exception):
    """The client's mistake, in words for it."""


class InFlight:
    """Counts requests being answered, so that a stop lets them finish."""

    def __init__(self):
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self):
        with self._changed:
            self._count += 1

    def __exit__(self, *_):
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_none(self, seconds: float):
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, seconds)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab-test-service"

    def do_GET(self):
        with self.server.in_flight:
            self._guarded(self._get)

    def do_HEAD(self):
        self.do_GET()

    def do_POST(self):
        with self.server.in_flight:
            self._guarded(self._post)

    def _guarded(self, work):
        try:
            work()
        except BadRequest as error:
            self._answer(http.HTTPStatus.BAD_REQUEST, f"{error}\n")
        except database.NameTaken as error:
            self._answer(http.HTTPStatus.CONFLICT, f"there is an example named {error} already\n")
        except BrokenPipeError:
            self.close_connection = True
        except Exception as error:  # the client gets an answer, whatever happened
            print(f"{self.command} {self.path}: {error!r}", flush=True)
            self._answer(http.HTTPStatus.INTERNAL_SERVER_ERROR, f"{error}\n")

    def _get(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/":
            self._answer(http.HTTPStatus.OK, PAGE, "text/html; charset=utf-8")
        elif path in ("/example", "/example/"):
            self._answer_json(http.HTTPStatus.OK, self.server.records.all())
        elif one := re.fullmatch(r"/example/([0-9]{1,9})", path):
            self._answer(http.HTTPStatus.OK, self.server.records.name_of(int(one[1])))
        elif path == "/health":
            self._answer(http.HTTPStatus.OK, "ok\n")
        else:
            self._answer(http.HTTPStatus.NOT_FOUND, "there is nothing here\n")

    def _post(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path.rstrip("/") != "/example":
            self._answer(http.HTTPStatus.NOT_FOUND, "there is nothing here\n")
            return
        fields = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        if self.headers.get_content_type() == "application/x-www-form-urlencoded":
            fields.update(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        name = fields.get("name", "")
        if not name or name in (".", "..") or "/" in name or "\0" in name:
            raise BadRequest("name is needed, and must be good as a file name")
        record = self.server.records.add(name, fields.get("content"), write_files)
        scheme = self.headers.get("X-Forwarded-Proto", "http")
        location = f"{scheme}://{self.headers.get('Host', 'localhost')}/example/{record['id']}"
        self._answer_json(http.HTTPStatus.CREATED, record, {"Location": location})

    def _answer_json(self, status, value, headers=None):
        self._answer(status, json.dumps(value), "application/json", headers)

    def _answer(self, status, text, content_type="text/plain; charset=utf-8", headers=None):
        data = text.encode()
        self.send_response(status)
        self.send_header("X-Labctl-Container", socket.gethostname())
        for key, value in {"Content-Type": content_type, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, text, *values):
        if self.path != "/health":
            print(f"{self.address_string()} {text % values}", flush=True)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, records):
        super().__init__(address, Handler)
        self.records = records
        self.in_flight = InFlight()


def write_files(record: dict):
    if record["content"] is None:
        return
    for folder in FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / record["name"]).write_text(record["content"])


def main() -> int:
    parser = argparse.ArgumentParser(description="the cluster's test service")
    parser.add_argument("--wsgi-host", default="0.0.0.0")
    parser.add_argument("--wsgi-port", type=int, default=8080)
    parser.add_argument("--database-wait", type=float, default=60, help="seconds to wait for the database server")
    arguments = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    records = database.Database()
    try:
        records.wait_and_create(arguments.database_wait, stop)
    except database.Stopped:
        return 0
    server = Server((arguments.wsgi_host, arguments.wsgi_port), records)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Deployment tools look for this text in the log: from here on requests are answered.
    print(f"serving: --wsgi-host {arguments.wsgi_host} --wsgi-port {arguments.wsgi_port}", flush=True)

    stop.wait()
    server.socket.close()
    server.in_flight.wait_none(0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
