"""What a message says, and what it looks like in a chat and in a mail. Figures and names of campaigns; of no person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from dagster_project.notices.ledger import Notice

AT_MOST = 20
"""Signals in a message; Slack takes at most 50 blocks."""
_LONGEST_LINE = 2_800
"""Slack takes at most 3,000 characters a block."""
_HEADINGS = {"began": "New", "over": "Over"}


@dataclass(frozen=True)
class Message:
    """Notices that go out together, to one recipient."""

    company: str
    notices: tuple[Notice, ...]

    @property
    def message_id(self) -> str:
        """The same for the same notices, so that whoever gets it twice can tell."""
        text = "\n".join("|".join(notice.key) for notice in self.notices)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def title(self) -> str:
        """How many signals began and are over."""
        counts = [
            f"{count} {word}"
            for event, word in (("began", "new"), ("over", "over"))
            if (count := sum(notice.event == event for notice in self.notices))
        ]
        return f"{self.company}: signals, {' and '.join(counts)}"

    def paragraphs(self) -> list[tuple[str, list[str]]]:
        """(Heading, what is said) of what began and what is over."""
        return [
            (heading, [notice.said for notice in self.notices if notice.event == event])
            for event, heading in _HEADINGS.items()
            if any(notice.event == event for notice in self.notices)
        ]


def in_messages(company: str, notices: Sequence[Notice]) -> list[Message]:
    """As few messages as there can be."""
    return [Message(company, tuple(notices[start : start + AT_MOST])) for start in range(0, len(notices), AT_MOST)]


def as_chat(message: Message) -> dict[str, Any]:
    """The body for a Slack-compatible incoming webhook: text for notifications, blocks for the channel."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": message.title[:150]}},
    ]
    for heading, lines in message.paragraphs():
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"*{heading}*"}})
        blocks += [
            {"type": "section", "text": {"type": "mrkdwn", "text": _escaped(line)[:_LONGEST_LINE]}} for line in lines
        ]
    return {"text": _escaped(message.title), "blocks": blocks}


def as_mail(message: Message, sender: str, recipient: str) -> EmailMessage:
    """The same in plain text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, message.title
    mail["Message-ID"] = f"<{message.message_id}@{sender.rsplit('@', 1)[1]}>"
    mail["Auto-Submitted"] = "auto-generated"
    parts = [f"{heading}\n\n" + "\n\n".join(lines) for heading, lines in message.paragraphs()]
    mail.set_content("\n\n\n".join(parts) + "\n\n\nAll signals: trechter signals, or mart_signals in your dashboard.\n")
    return mail


def _escaped(text: str) -> str:
    """Slack's three control characters, which a campaign's name may hold (docs.slack.dev, Formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
