"""A Consul and an engine that answer the daemon's checks: ends.py SOCKET ADDRESS, port 8500."""

import http.server
import os
import socket
import socketserver
import sys
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"OK" if self.path == "/_ping" else b'"10.0.0.1:8300"'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "client"

    def log_message(self, *_):
        pass


class Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    pass


class Tcp(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET


unix = Unix(sys.argv[1], Answer)
os.chmod(sys.argv[1], 0o666)
tcp = Tcp((sys.argv[2], 8500), Answer)
threading.Thread(target=tcp.serve_forever, daemon=True).start()
print("ready", flush=True)
unix.serve_forever()
