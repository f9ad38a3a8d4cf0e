"""A server that sends one body to whoever says anything, and does nothing else.

What a client gets out of it is what the machine's loopback allows for bodies of that size.
Prints its port. `python -m scripts.benchmarks.bare BYTES`
"""

from __future__ import annotations

import os
import selectors
import socket
import sys


def serve(size: int) -> None:
    """Send the same answer for ever, on one thread."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size
    answer = memoryview(head + os.urandom(size))
    selector = selectors.DefaultSelector()
    sent: dict[socket.socket, int] = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                if connection is listener:
                    opened, _ = listener.accept()
                    opened.setblocking(False)
                    selector.register(opened, selectors.EVENT_READ)
                    continue
                try:
                    if connection not in sent and not connection.recv(4096):
                        raise ConnectionError("hung up")
                    _push(selector, connection, answer, sent)
                except ConnectionError:
                    sent.pop(connection, None)
                    selector.unregister(connection)
                    connection.close()


def _push(
    selector: selectors.BaseSelector,
    connection: socket.socket,
    answer: memoryview,
    sent: dict[socket.socket, int],
) -> None:
    at = sent.pop(connection, 0)
    try:
        while at < len(answer):
            at += connection.send(answer[at:])
        selector.modify(connection, selectors.EVENT_READ)
    except BlockingIOError:
        sent[connection] = at
        selector.modify(connection, selectors.EVENT_WRITE)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
