"""Asks Caddy 1 and Caddy 2 the same, and prints where their answers differ.

compare.py CADDY1 CADDY2, in a folder with `sites` (for Caddy 1, at port 8097), `sites.translated` (for Caddy 2, at port
8099), `requests` and `pages`. Ends with 0 if both answered alike, with 2 if one of them does not run.
"""
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time

PORTS = {"1": 8097, "2": 8099}
# Of the requests that a backend gets. Caddy 2 also tells X-Forwarded-Host, and takes no X-Forwarded-For of a client.
FORWARDED = ("authorization", "host", "user-agent", "x-custom", "x-from", "x-nobody", "x-real-ip")
# Of answers: each version has its own, and no app depends on them.
OWN_HEADERS = ("accept-ranges", "alt-svc", "content-length", "date", "etag", "last-modified", "transfer-encoding", "vary",
               "x-content-type-options")


class Backend(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        told = {name.lower(): value for name, value in self.headers.items() if name.lower() in FORWARDED}
        seen = {"backend": self.server.server_port, "method": self.command, "path": self.path, "body": body, "headers": told}
        text = json.dumps(seen).encode()
        self.send_response({"/teapot": 418, "/missing": 404, "/ok/missing": 404}.get(self.path, 200))
        for name, value in (("Content-Length", str(len(text))), ("X-Backend", "yes"), ("X-Secret", "s")):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_OPTIONS = do_POST = answer

    def log_message(self, *_):
        pass


def ask(port, request):
    host, method, path, *headers = request.split(" ")
    sent = {"Host": host, "User-Agent": "test"}
    for header in headers:
        name, value = header.split(":", 1)
        sent[name] = value.replace("_", " ")
    caddy = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        caddy.request(method, path, body="hello" if method == "POST" else None, headers=sent)
        answer = caddy.getresponse()
        text = answer.read().decode("utf-8", "replace").replace(str(port), "PORT")
    finally:
        caddy.close()
    seen = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS}
    seen = {name: value.replace(str(port), "PORT") for name, value in seen.items()}
    seen["status"] = answer.status
    if "www-authenticate" in seen:
        seen["www-authenticate"] = seen["www-authenticate"].lower()
    # What Caddy itself writes about an error or a redirect; a page of the site is compared.
    if answer.status >= 300 and (not text or text.startswith((str(answer.status), "<a href="))):
        seen.pop("content-type", None)
        return seen
    seen["text"] = text
    return seen


def await_port(program, port):
    end = time.monotonic() + 20
    while time.monotonic() < end and program.poll() is None:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return
        except OSError:
            time.sleep(0.05)
    print("Caddy does not listen on port %d:\n%s" % (port, open("log.%d" % port).read()[-2000:]))
    sys.exit(2)


def main():
    for port in (9001, 9002):
        backend = http.server.ThreadingHTTPServer(("127.0.0.1", port), Backend)
        threading.Thread(target=backend.serve_forever, daemon=True).start()
    os.environ["HOME"] = os.getcwd()
    commands = {"1": [sys.argv[1], "-conf", "sites", "-agree", "-quiet"],
                "2": [sys.argv[2], "run", "--adapter", "caddyfile", "--config", "sites.translated"]}
    programs = []
    try:
        for version, command in commands.items():
            with open("log.%d" % PORTS[version], "w") as log:
                programs.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
        for program, port in zip(programs, PORTS.values()):
            await_port(program, port)
        requests = open("requests").read().splitlines()
        differences = 0
        for request in requests:
            one, two = ask(PORTS["1"], request), ask(PORTS["2"], request)
            if one != two:
                differences += 1
                print("%s\n    Caddy 1: %s\n    Caddy 2: %s" % (request, json.dumps(one), json.dumps(two)))
        print("compared %d requests: %d differ" % (len(requests), differences))
    finally:
        for program in programs:
            program.kill()
            program.wait()
    return 1 if differences else 0


sys.exit(main())
