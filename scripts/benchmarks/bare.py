"""A server that sends one fixed response to every request, unread: the bound that loopback sets.

Prints its port. `python -m scripts.benchmarks.bare BYTES`
"""

from __future__ import annotations

import os
import selectors
import socket
import sys


class FixedResponseServer:
    """Sends the same response to every request, on one thread."""

    def __init__(self, size: int) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size
        self._response = memoryview(head + os.urandom(size))
        self._selector = selectors.DefaultSelector()
        self._sent: dict[socket.socket, int] = {}  # bytes of the response under way

    def serve(self) -> None:
        """Serve until the process is killed."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            print(listener.getsockname()[1], flush=True)
            self._selector.register(listener, selectors.EVENT_READ)
            while True:
                for key, _ in self._selector.select():
                    connection = key.fileobj
                    assert isinstance(connection, socket.socket)
                    if connection is listener:
                        opened, _ = listener.accept()
                        opened.setblocking(False)
                        self._selector.register(opened, selectors.EVENT_READ)
                    elif not self._respond(connection):
                        self._sent.pop(connection, None)
                        self._selector.unregister(connection)
                        connection.close()

    def _respond(self, connection: socket.socket) -> bool:
        """Send what the connection takes; False when the client has closed it."""
        try:
            if connection not in self._sent and not connection.recv(4096):
                return False
            self._send(connection)
        except ConnectionError:
            return False
        return True

    def _send(self, connection: socket.socket) -> None:
        at = self._sent.pop(connection, 0)
        try:
            while at < len(self._response):
                at += connection.send(self._response[at:])
            self._selector.modify(connection, selectors.EVENT_READ)
        except BlockingIOError:
            self._sent[connection] = at
            self._selector.modify(connection, selectors.EVENT_WRITE)


if __name__ == "__main__":
    FixedResponseServer(int(sys.argv[1])).serve()
