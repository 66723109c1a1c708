"""What there is to tell, to whom, and telling it: each signal once when it begins, and once when it is over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dagster_project.config import Config
from dagster_project.config.notifications import Destination
from dagster_project.lib.builds import NothingPublished, current_folder
from dagster_project.notices.ledger import Ledger, Notice, open_ledger
from dagster_project.notices.messages import in_messages
from dagster_project.notices.senders import NotTaken, Send, by_mail, by_webhook, into_folder, trying
from dagster_project.notices.signals import Signal, published_signals
from dagster_project.settings import MissingSecret, Settings

FOLDER = "notices"
Key = tuple[str, str, str, str]
CORRECTED = "is not there any more: the figures it came from were corrected."


class NotTold(Exception):
    """Some could not be told. They are tried again with the next refresh; what was published stays published."""

    def __init__(self, failures: Sequence[str]) -> None:
        self.failures = tuple(failures)
        listed = "\n".join(f"  - {failure}" for failure in failures)
        super().__init__(f"Not told, and tried again with the next refresh:\n{listed}")


@dataclass(frozen=True)
class Told:
    """How many notices went out, in how many messages."""

    notices: int = 0
    messages: int = 0


def news(destination: Destination, signals: Sequence[Signal], told: Mapping[Key, Notice]) -> list[Notice]:
    """What a destination has not been told yet: open signals that concern it, and the end of those it knows of."""
    by_id = {signal.signal_id: signal for signal in signals}
    notices = []
    for signal in signals:
        recipient = _recipient(destination, signal)
        is_its = signal.signal_kind in destination.kinds and signal.locale in (destination.locales or (signal.locale,))
        notice = Notice(destination.name, recipient, signal.signal_id, "began", _said(signal))
        if signal.is_open and is_its and notice.key not in told:
            notices.append(notice)
    for known in told.values():
        after = by_id.get(known.signal_id)
        over = Notice(*known.key[:3], "over", _said_when_over(known, after))
        is_its = known.destination == destination.name and known.event == "began"
        if is_its and over.key not in told and not (after and after.is_open):
            notices.append(over)
    return notices


def tell(settings: Settings, config: Config, now: Callable[[], datetime]) -> Told:
    """Tell everybody whatever they have not been told of the current build. One destination's failure stops no other.

    Raises NotTold, after trying all, naming each that could not be told and what to do.
    """
    try:
        signals = published_signals(current_folder(settings.published))
    except NothingPublished:
        return Told()
    failures, notices, messages = [], 0, 0
    with open_ledger(settings.data / FOLDER) as ledger:
        for destination in config.notifications.destinations:
            try:
                for some in _sent(destination, signals, ledger, settings, config, now):
                    notices, messages = notices + some, messages + 1
            except (NotTaken, MissingSecret) as error:
                failures.append(f"{destination.name}: {error}")
    if failures:
        raise NotTold(failures)
    return Told(notices, messages)


def has_news(settings: Settings, config: Config) -> bool:
    """Whether there is anybody to tell, and anything to tell them."""
    if not config.notifications.destinations:
        return False
    try:
        signals = published_signals(current_folder(settings.published))
    except NothingPublished:
        return False
    with open_ledger(settings.data / FOLDER) as ledger:
        told = ledger.told()
    return any(news(destination, signals, told) for destination in config.notifications.destinations)


def _sent(
    destination: Destination,
    signals: Sequence[Signal],
    ledger: Ledger,
    settings: Settings,
    config: Config,
    now: Callable[[], datetime],
) -> Iterator[int]:
    """Send a destination its news, recipient by recipient; gives the number of notices in each message taken."""
    untold = news(destination, signals, ledger.told())
    if not untold:
        return
    send, failure = _sender(destination, settings, config), None
    for recipient in dict.fromkeys(notice.recipient for notice in untold):
        mine = [notice for notice in untold if notice.recipient == recipient]
        for message in in_messages(config.project.name, mine):
            ledger.note(message.notices, "sending", now())
            try:
                send(message, recipient)
            except NotTaken as error:
                if not error.is_final:
                    raise
                # Refused for good, which may be this recipient's fault alone.
                failure = error
                break
            ledger.note(message.notices, "told", now())
            yield len(message.notices)
    if failure:
        raise failure


def _sender(destination: Destination, settings: Settings, config: Config) -> Send:
    """How a destination is reached. Raises MissingSecret, or NotTaken for an address that may not be used."""
    if config.project.mode == "sandbox":
        return into_folder(settings.data / FOLDER / "outbox")
    if destination.webhook_env:
        return trying(by_webhook(destination.webhook_env, settings.secret(destination.webhook_env)))
    smtp = config.notifications.smtp
    assert smtp is not None, "checked when the configuration was read"
    login = None
    if smtp.username_env and smtp.password_env:
        login = settings.secret(smtp.username_env), settings.secret(smtp.password_env)
    return trying(by_mail(smtp, login))


def _recipient(destination: Destination, signal: Signal) -> str:
    """An address, or nothing where a webhook is the recipient."""
    return signal.owner if destination.email == "owner" else destination.email or ""


def _said(signal: Signal) -> str:
    unusual = f" ({signal.how_unusual})" if signal.how_unusual else ""
    return f"{signal.name}, since {signal.since_date}: {signal.summary}{unusual}. Owner: {signal.owner}"


def _said_when_over(known: Notice, after: Signal | None) -> str:
    if after is None:
        return f"{known.said}: {CORRECTED}"
    what = "This is what is usual now" if after.signal_status == "settled" else "As usual again"
    return f"{after.name}: {what}, from {after.recovered_date}. It had been, since {after.since_date}: {after.summary}"
