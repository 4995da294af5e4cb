"""What coordinator and workers say to each other: JSON lines over a socket, never pickles."""

import json
import math
import selectors
import socket
from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.lab.workers.messages import Message, from_json, to_json


class Channel:
    """One end of a conversation. The other end's death shows as `closed`."""

    def __init__(self, end: socket.socket, *, waits: bool = True) -> None:
        """`waits`: whether receiving waits for something to arrive."""
        self.socket = end
        self._flags = 0 if waits else socket.MSG_DONTWAIT
        self.closed = False
        self._rest = b""

    def fileno(self) -> int:
        """So that selectors can wait for it."""
        return self.socket.fileno()

    def send(self, message: Message, fds: tuple[int, ...] = ()) -> None:
        """Send a message; a dead receiver is noticed when receiving, not here."""
        line = json.dumps(plain(to_json(message)), allow_nan=False).encode() + b"\n"
        try:
            if fds:
                socket.send_fds(self.socket, [line], list(fds))
            else:
                self.socket.sendall(line)
        except (BrokenPipeError, ConnectionResetError):
            return

    def receive(self) -> list[Message]:
        """The messages that have arrived completely."""
        return self.receive_with_fds(0)[0]

    def receive_with_fds(self, most: int) -> tuple[list[Message], list[int]]:
        """The same, and the file descriptors that came along."""
        fds: list[int] = []
        try:
            if most:
                data, fds, _, _ = socket.recv_fds(self.socket, 65536, most, self._flags)
            else:
                data = self.socket.recv(1 << 20, self._flags)
        except BlockingIOError:
            return [], []
        except ConnectionResetError:
            data = b""
        self.closed = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [from_json(json.loads(line)) for line in lines], fds

    def is_readable(self, timeout: float) -> bool:
        """Whether something arrives within `timeout` seconds."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            return bool(selector.select(timeout))

    def close(self) -> None:
        """Close this end; the other one notices."""
        self.socket.close()


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: NumPy numbers as Python's, non-finite ones as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
