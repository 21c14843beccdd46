"""Servers in the current folder that fail in one way each, for clients whose messages are wanted.

    ends.py

Unix sockets NAME.sock and TCP ports, whose numbers are written to NAME.port: refused (nobody listens), ended (the
connection is closed after a request), silent (no answer), closed (the connection is closed at once). Writes the file
"ready", and runs until it is ended.
"""

import pathlib
import socket
import threading


def serve(listener, mode):
    kept = []
    while True:
        connection, _ = listener.accept()
        if mode == "silent":
            kept.append(connection)
            continue
        if mode == "ended":
            connection.recv(65536)
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
for mode in ("refused", "ended", "silent", "closed"):
    listeners.append(listen(socket.AF_UNIX, mode + ".sock", mode))
    listeners.append(listen(socket.AF_INET, ("127.0.0.1", 0), mode))
    pathlib.Path(mode + ".port").write_text(str(listeners[-1].getsockname()[1]))
pathlib.Path("ready").touch()
threading.Event().wait()
