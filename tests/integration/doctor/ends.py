"""Servers in the current folder that fail in one way each, for clients whose messages are wanted.

    ends.py

Unix sockets NAME.sock and TCP ports, whose numbers are written to NAME.port: refused (nobody listens), ended
(the connection is closed after a request), silent (no answer), closed (the stream ends at once, without a
reset), reset (after a request), banner (an SSH server's first line, and the end of the stream after a
request). Writes the file "ready", and runs until it is ended.
"""

import pathlib
import socket
import struct
import threading


def serve(listener, mode):
    kept = []
    while True:
        connection, _ = listener.accept()
        if mode == "silent":
            kept.append(connection)
            continue
        if mode == "banner":
            connection.sendall(b"SSH-2.0-test\r\n")
        if mode in ("ended", "reset", "banner"):
            connection.recv(65536)
        if mode == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if mode in ("closed", "banner"):
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        connection.close()


def listen(family, address, mode):
    listener = socket.socket(family)
    listener.bind(address)
    if mode == "refused":
        if family == socket.AF_UNIX:
            listener.close()
        return listener
    listener.listen()
    threading.Thread(target=serve, args=(listener, mode), daemon=True).start()
    return listener


listeners = []
for mode in ("refused", "ended", "silent", "closed", "reset", "banner"):
    listeners.append(listen(socket.AF_UNIX, mode + ".sock", mode))
    listeners.append(listen(socket.AF_INET, ("127.0.0.1", 0), mode))
    pathlib.Path(mode + ".port").write_text(str(listeners[-1].getsockname()[1]))
pathlib.Path("ready").touch()
threading.Event().wait()
