"""The ways a message can go: a webhook, a mail server, and in the sandbox a folder. Each tries a few times."""

import json
import smtplib
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests

from dagster_project.config.notifications import LOOPBACK, Smtp
from dagster_project.notices.messages import Message, as_chat, as_mail

PAUSES = (2.0, 8.0, 30.0)
"""Seconds before the second, third and fourth attempt; a server's own Retry-After is kept up to a minute."""
_LONGEST_PAUSE = 60.0
_TIMEOUT = 20
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

Send = Callable[[Message, str], None]
"""Sends a message to a recipient. Raises NotTaken."""


class NotTaken(Exception):
    """A message was not taken. Says by whom, why and what to do; holds no secret."""

    def __init__(self, why: str, *, is_final: bool = True, pause: float | None = None) -> None:
        """`is_final`: trying again would not help; `pause`: for how long the server asks to be left alone."""
        self.is_final = is_final
        self.pause = pause
        super().__init__(why)


def trying(send: Send) -> Send:
    """The same, tried again after a while where that can help."""

    def tried(message: Message, recipient: str) -> None:
        for pause in PAUSES:
            try:
                return send(message, recipient)
            except NotTaken as error:
                if error.is_final:
                    raise
                time.sleep(min(error.pause or pause, _LONGEST_PAUSE))
        return send(message, recipient)

    return tried


def by_webhook(variable: str, address: str) -> Send:
    """Posts to a Slack-compatible incoming webhook. Its address is a secret: errors name the variable that holds it."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise NotTaken(f"{variable} holds no https address")

    def send(message: Message, _recipient: str) -> None:
        try:
            answer = requests.post(
                address,
                data=json.dumps(as_chat(message)),
                headers={"Content-Type": "application/json", "Idempotency-Key": message.message_id},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise NotTaken(f"the webhook of {variable}: {type(error).__name__}", is_final=False) from None
        if not answer.ok or answer.is_redirect:
            raise NotTaken(
                f"the webhook of {variable} answered {answer.status_code}"
                + ("" if answer.status_code in _TRY_AGAIN else "; is its address still right?"),
                is_final=answer.status_code not in _TRY_AGAIN,
                pause=_seconds(answer.headers.get("Retry-After")),
            )

    return send


def by_mail(smtp: Smtp, login: tuple[str, str] | None) -> Send:
    """Hands a mail to the server, over TLS unless the server is this machine."""

    def send(message: Message, recipient: str) -> None:
        mail = as_mail(message, smtp.sender, recipient)
        try:
            with _connected(smtp) as server:
                if login:
                    _log_in(server, smtp, login)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted(code for code, _ in error.recipients.values())
            raise NotTaken(f"{smtp.host} refused the recipient ({codes[0]})", is_final=codes[0] >= 500) from None
        except smtplib.SMTPResponseException as error:
            raise NotTaken(f"{smtp.host} answered {error.smtp_code}", is_final=error.smtp_code >= 500) from None
        except ssl.SSLError as error:
            raise NotTaken(f"{smtp.host}: {error.reason or 'TLS failed'}") from None
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPHeloError) as error:
            raise NotTaken(f"{smtp.host}: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(f"{smtp.host}: {type(error).__name__}", is_final=False) from None

    return send


def into_folder(folder: Path) -> Send:
    """Writes messages down instead of sending them: in the sandbox nobody is there to be told."""

    def send(message: Message, recipient: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{message.notices[0].destination}-{message.message_id[:12]}"
        if recipient:
            (folder / f"{name}.eml").write_text(as_mail(message, "signals@trechter.example", recipient).as_string())
        else:
            (folder / f"{name}.json").write_text(json.dumps(as_chat(message), ensure_ascii=False, indent=2) + "\n")

    return send


def _connected(smtp: Smtp) -> smtplib.SMTP:
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT)
    if smtp.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except Exception:
            server.close()
            raise
    return server


def _log_in(server: smtplib.SMTP, smtp: Smtp, login: tuple[str, str]) -> None:
    try:
        server.login(*login)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPServerDisconnected):
        # Some servers hang up on the second wrong attempt instead of answering it.
        rule = f"check {smtp.username_env} and {smtp.password_env}"
        raise NotTaken(f"{smtp.host} refused the login; {rule}") from None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None
