"""A webhook and a mail server on this machine, which keep what they were given and answer as they are told to."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Webhook:
    """`answers` are given one after the other: a status, or a status and headers; then 200."""

    def __init__(self, answers: list[tuple[int, dict[str, str]]]) -> None:
        self.answers = answers
        self.got: list[dict[str, Any]] = []
        self.address = ""


@contextmanager
def webhook(*answers: int | tuple[int, dict[str, str]]) -> Iterator[Webhook]:
    """A webhook that is open while this lasts."""
    hook = Webhook([(answer, {}) if isinstance(answer, int) else answer for answer in answers])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers = hook.answers.pop(0) if hook.answers else (200, {})
            hook.got.append(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hook.address = f"http://127.0.0.1:{server.server_port}/services/secret-token"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Mailbox:
    """Mails by recipient; `refused` recipients do not exist, and `busy` times the server asks to come back later."""

    def __init__(self, refused: frozenset[str], busy: int) -> None:
        self.refused, self.busy = refused, busy
        self.got: list[tuple[str, EmailMessage]] = []
        self.was_encrypted: list[bool] = []
        self.port = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        if self.busy:
            self.busy -= 1
            return "451 try again later"
        self.was_encrypted.append(session.ssl is not None)
        self.got += [
            (to, message_from_bytes(envelope.content, EmailMessage, policy=default)) for to in envelope.rcpt_tos
        ]
        return "250 taken"


@contextmanager
def mail_server(
    *,
    refused: frozenset[str] = frozenset(),
    busy: int = 0,
    certificate: Path | None = None,
    password: str | None = None,
) -> Iterator[Mailbox]:
    """A mail server that is open while this lasts; with a certificate it wants TLS, with a password a login."""
    mailbox = Mailbox(refused, busy)
    options: dict[str, Any] = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options = {"tls_context": context, "require_starttls": True}
    if password:

        def authenticator(
            _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
        ) -> AuthResult:
            return AuthResult(success=data.password == password.encode())

        options |= {"authenticator": authenticator, "auth_required": True}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, ready_timeout=60, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
