"""
The server's end of a WebSocket (RFC 6455), as far as Slack's own clients speak it.

No extensions, no fragments: those clients send neither.
"""

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha1
from itertools import cycle
from threading import Lock
from typing import Final

_MAGIC: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_LAST: Final = 0x80
_SHORT, _TWO_BYTES, _EIGHT_BYTES = 125, 126, 127


class WebSocket:
    """A connection that a client with *key* asked for; iterating gives the texts it sends."""

    def __init__(self, line: socket.socket, key: str) -> None:
        self._line = line
        self._in = line.makefile("rb")
        self._sending = Lock()
        line.sendall(_welcome(key))

    def send(self, text: str) -> None:
        self._send(_TEXT, text.encode())

    def close(self) -> None:
        """Hang up. A client that did so first is not missed."""
        self._in.close()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def __iter__(self) -> Iterator[str]:
        """The client's texts, until it goes. Its pings are answered meanwhile."""
        with suppress(OSError):
            while (frame := self._receive()) and frame[0] != _CLOSE:
                kind, content = frame
                if kind == _PING:
                    self._send(_PONG, content)
                if kind == _TEXT:
                    yield content.decode()

    def _send(self, kind: int, content: bytes) -> None:
        with self._sending:
            self._line.sendall(bytes([_LAST | kind]) + _length(len(content)) + content)

    def _receive(self) -> tuple[int, bytes] | None:
        """A frame's kind and content; None if there is none to come."""
        head = self._in.read(2)
        if len(head) < 2:  # noqa: PLR2004 - a frame's head
            return None
        many = head[1] & 0x7F
        if many > _SHORT:
            many = int.from_bytes(self._in.read(2 if many == _TWO_BYTES else 8))
        mask, content = self._in.read(4), self._in.read(many)
        return head[0] & 0x0F, bytes(a ^ b for a, b in zip(content, cycle(mask), strict=False))


def _welcome(key: str) -> bytes:
    digest = sha1(f"{key}{_MAGIC}".encode(), usedforsecurity=False).digest()
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {b64encode(digest).decode()}\r\n\r\n"
    ).encode()


def _length(many: int) -> bytes:
    if many <= _SHORT:
        return bytes([many])
    if many < 1 << 16:
        return bytes([_TWO_BYTES]) + many.to_bytes(2)
    return bytes([_EIGHT_BYTES]) + many.to_bytes(8)
