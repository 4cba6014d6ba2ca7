"""A browser that costs next to nothing: keep-alive connections, requests written by hand."""

import re
import socket
from typing import Self
from urllib.parse import urlencode

from tools.bench.ground import HOST, PASSWORD

SECONDS_MAX = 20
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_CSRF_COOKIE = re.compile(rb"set-cookie: *(__Host-kunjae_csrf=[^;]+)", re.IGNORECASE)
_SESSION_COOKIE = re.compile(rb"set-cookie: *(__Host-kunjae_session=[^;]+)", re.IGNORECASE)
_LOCATION = re.compile(rb"^location: *([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
#: As the proxy that ends HTTPS hands a request on.
_HEADERS = (
    f"Host: {HOST}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\nOrigin: https://{HOST}\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0\r\nAccept-Language: th\r\n"
).encode()


class WrongAnswer(Exception):
    """The server answered something else than it should."""


class Wire:
    """One keep-alive connection."""

    def __init__(self, port: int, *, seconds_max: int = SECONDS_MAX) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds_max)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def get(self, path: str, *, session: bytes = b"") -> bytes:
        """Get a page; returns the whole answer."""
        line = b"Cookie: " + session + b"\r\n" if session else b""
        return self.ask(b"GET " + path.encode() + b" HTTP/1.1\r\n" + _HEADERS + line + b"\r\n")

    def ask(self, request: bytes) -> bytes:
        """Send one request and read its whole answer (which names its length)."""
        self._socket.sendall(request)
        answer = b""
        while True:
            part = self._socket.recv(65536)
            if not part:
                raise WrongAnswer(f"the server hung up: {answer[:300]!r}")
            answer += part
            head, separator, body = answer.partition(b"\r\n\r\n")
            if separator:
                length = _LENGTH.search(head)
                if length is None:
                    raise WrongAnswer(f"an answer without its length: {head[:300]!r}")
                if len(body) >= int(length[1]):
                    return answer


class Door:
    """What a browser got with the sign-in page, kept for every post: the token, and its cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        with Wire(port) as wire:
            answer = wire.get("/sign-in/")
        token, cookie = _TOKEN.search(answer), _CSRF_COOKIE.search(answer)
        if token is None or cookie is None:
            raise WrongAnswer(f"the sign-in page has no token: {answer[:600]!r}")
        self._token, self._cookie = token[1].decode(), cookie[1]

    def sign_in(self, username: str, *, code: str = "") -> bytes:
        """Write the request that lets one account in."""
        return self.post("/sign-in/", username=username, password=PASSWORD, code=code, next="")

    def post(self, path: str, /, *, session: bytes = b"", **fields: str) -> bytes:
        """Write the request that a browser would send for a form."""
        body = urlencode({"csrfmiddlewaretoken": self._token, **fields}).encode()
        cookies = b"; ".join(filter(None, [self._cookie, session]))
        head = b"POST " + path.encode() + b" HTTP/1.1\r\n" + _HEADERS + b"Cookie: " + cookies + b"\r\n"
        kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
        return head + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body


def status_of(answer: bytes) -> int:
    """Read the status of an answer."""
    return int(answer[9:12])


def session_of(answer: bytes, *, leads_to: str = "/") -> bytes:
    """
    Read the cookie of the session that an answer to a post began.

    :raises WrongAnswer: if it began none, or leads elsewhere: to a stage of the sign-in that asks for more
    """
    cookie, location = _SESSION_COOKIE.search(answer), _LOCATION.search(answer)
    if not answer.startswith(b"HTTP/1.1 303") or cookie is None or location is None or location[1] != leads_to.encode():
        raise WrongAnswer(answer[:600].decode(errors="replace"))
    return cookie[1]
