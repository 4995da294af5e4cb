"""A client that speaks the dashboard's protocol without a browser, and so without its manners."""

import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect


@dataclass
class Drawn:
    """What one run of the page's script has drawn."""

    elements: list = field(default_factory=list)

    def texts(self) -> str:
        """All that is to be read."""
        return "\n".join(str(element) for element in self.elements)

    def widgets(self) -> dict[str, object]:
        """Widget id -> its element."""
        by_id = {}
        for element in self.elements:
            drawn = getattr(element, element.WhichOneof("type"))
            if getattr(drawn, "id", ""):
                by_id[drawn.id] = drawn
        return by_id


@contextmanager
def session(url, *, host="", came_from=None, headers=None):
    """A Client. `host`: what it asks for in its Host header; `came_from`: its own address."""
    server = urlsplit(url)
    source = (came_from, 0) if came_from else None
    address = (server.hostname, server.port)
    with socket.create_connection(address, timeout=20, source_address=source) as raw:
        raw.settimeout(None)
        with connect(
            f"ws://{host or server.netloc}/_stcore/stream",
            sock=raw,
            subprotocols=["streamlit"],
            additional_headers=headers,
            max_size=None,
            open_timeout=20,
        ) as stream:
            yield Client(stream)


class Client:
    """One session, as one tab of a browser has it."""

    def __init__(self, stream):
        self._stream = stream

    def run(self, page="", query="", **values):
        """Run the page's script with these widget states; what it draws.

        `values`: widget id -> {field of the protocol: value}.
        """
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        for widget, value in values.items():
            asked.rerun_script.widget_states.widgets.append(WidgetState(id=widget, **value))
        self._stream.send(asked.SerializeToString())
        drawn = Drawn()
        while True:
            said = ForwardMsg.FromString(self._stream.recv(timeout=60))
            if said.HasField("delta") and said.delta.HasField("new_element"):
                drawn.elements.append(said.delta.new_element)
            ended = said.HasField("script_finished")
            if ended and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return drawn
