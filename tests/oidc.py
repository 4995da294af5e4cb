"""A small OpenID Connect provider on loopback: who it says somebody is, it signs."""

import base64
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "nnlab", "a secret of the two"
PEOPLE = {
    "anna": {"email": "anna@example.org", "email_verified": True, "name": "Anna [x](//evil.test)"},
    "bert": {"email": "bert@example.org", "name": "Bert"},
    "fake": {"email": "anna@example.org", "email_verified": False, "name": "Not Anna"},
    "unsaid": {"email": "anna@example.org", "name": "Perhaps Anna"},
    "doras-subject": {"name": "Dora"},
}


class Provider(ThreadingHTTPServer):
    """The provider; whoever comes chooses on a page who they are."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, tuple[str, dict[str, str]]] = {}  # code -> (who, what was asked)

    def secrets_toml(self) -> str:
        """What Streamlit must know of it."""
        return (
            "[auth]\n"
            'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            f'cookie_secret = "{secrets.token_hex(32)}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )

    def id_token(self, who: str, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": who, "nonce": nonce}
        claims |= {"iat": now, "exp": now + 600, **PEOPLE[who]}
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


@contextmanager
def provider() -> Iterator[Provider]:
    """A Provider, for as long as the block runs."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(where.query).items()}
        match where.path:
            case "/.well-known/openid-configuration":
                self._json(self._about())
            case "/jwks":
                self._json({"keys": [self.server.key.as_dict(private=False)]})
            case "/authorize":
                self._people(asked)
            case "/chosen":
                self._back(asked)
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        who, asked = self.server.codes.pop(sent.get("code", ""), ("", {}))
        if (
            not who
            or not self._is_the_client(sent)
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        token = self.server.id_token(who, asked.get("nonce", ""))
        self._json({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def _is_the_client(self, sent: dict[str, str]) -> bool:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        given = self.headers.get("Authorization", "")
        return given in (f"Basic {basic}", f"Basic {plain}") or (
            sent.get("client_id") == CLIENT and sent.get("client_secret") == SECRET
        )

    def _about(self) -> dict[str, object]:
        url = self.server.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _people(self, asked: dict[str, str]) -> None:
        links = (
            f'<p><a href="/chosen?{html.escape(urlencode({**asked, "who": who}))}">{who}</a></p>'
            for who in PEOPLE
        )
        self._send(f"<title>Who are you?</title>{''.join(links)}".encode(), "text/html")

    def _back(self, asked: dict[str, str]) -> None:
        code = secrets.token_hex(8)
        self.server.codes[code] = asked.pop("who"), asked
        self.send_response(302)
        query = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{query}")
        self.end_headers()

    def _json(self, value: object, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
