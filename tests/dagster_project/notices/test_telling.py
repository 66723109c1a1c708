"""Each signal is told once when it begins and once when it is over, whatever happens in between."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dagster_project.notices.telling import FOLDER, NotTold, Told, has_news, tell
from tests.dagster_project.notices.servers import mail_server, webhook
from tests.dagster_project.notices.signals import OWNER, now, over, project, publish, signal

CHAT = {"destinations": [{"name": "chat", "webhook_env": "CHAT_WEBHOOK"}]}


def mail(port: int, **smtp: Any) -> dict[str, Any]:
    server = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "signals@noordlicht.example", **smtp}
    return {"smtp": server, "destinations": [{"name": "countries", "email": "owner"}]}


def text(body: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in body["blocks"])


def test_a_signal_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a")])
        assert has_news(settings, config)
        assert tell(settings, config, now) == Told(notices=1, messages=1)
        assert tell(settings, config, now) == Told()
        assert not has_news(settings, config)
        publish(settings, [over(signal("a"))])
        assert tell(settings, config, now) == Told(notices=1, messages=1)
        assert tell(settings, config, now) == Told()
    began, ended = hook.got
    assert began["text"] == "Noordlicht: signals, 1 new"
    assert "Netherlands, since 2026-06-29: Sessions: 4000, where 10000 would be usual" in text(began)
    assert "by chance once in 274 years" in text(began)
    assert ended["text"] == "Noordlicht: signals, 1 over"
    assert "As usual again, from 2026-07-02" in text(ended)


def test_what_was_over_before_anybody_could_be_told_is_not_told(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [over(signal("a"))])
        assert tell(settings, config, now) == Told()
    assert hook.got == []


def test_a_signal_that_corrected_figures_took_away_is_over_too(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a")])
        tell(settings, config, now)
        publish(settings, [])
        assert tell(settings, config, now) == Told(notices=1, messages=1)
        assert tell(settings, config, now) == Told()
    assert "were corrected" in text(hook.got[-1])


def test_what_has_come_to_stay_says_so(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a")])
        tell(settings, config, now)
        publish(settings, [over(signal("a"), "settled")])
        tell(settings, config, now)
    assert "This is what is usual now" in text(hook.got[-1])


def test_signals_go_out_together_and_no_message_is_too_long_for_a_chat(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal(f"s{number}", summary="x" * 4_000) for number in range(45)])
        assert tell(settings, config, now) == Told(notices=45, messages=3)
    assert all(len(body["blocks"]) <= 50 for body in hook.got)
    assert all(len(block["text"]["text"]) <= 3_000 for body in hook.got for block in body["blocks"])


def test_only_what_concerns_a_destination_is_told(tmp_path: Path) -> None:
    some = {"name": "chat", "webhook_env": "CHAT_WEBHOOK", "kinds": ["uncoded_spend"], "locales": ["nl", "de"]}
    with webhook() as hook:
        settings, config = project(tmp_path, {"destinations": [some]}, {"CHAT_WEBHOOK": hook.address})
        publish(
            settings,
            [
                signal("a"),
                signal("b", signal_kind="uncoded_spend", summary="B"),
                signal("c", signal_kind="uncoded_spend", locale="uk"),
            ],
        )
        assert tell(settings, config, now) == Told(notices=1, messages=1)
    assert "B" in text(hook.got[0])


def test_a_campaigns_name_cannot_write_into_a_chat_what_it_likes(tmp_path: Path) -> None:
    with webhook() as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a", summary="Campaign <!channel> & <https://evil.example|click>")])
        tell(settings, config, now)
    assert "Campaign &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;" in text(hook.got[0])


def test_a_busy_webhook_is_asked_again_and_the_wait_it_asks_for_is_kept(
    tmp_path: Path, without_pauses: list[float]
) -> None:
    with webhook((429, {"Retry-After": "7"}), 503) as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a")])
        assert tell(settings, config, now) == Told(notices=1, messages=1)
    assert len(hook.got) == 3
    assert without_pauses == [7.0, 0.0]


def test_a_webhook_that_is_gone_is_named_but_not_its_address_and_is_told_next_time(tmp_path: Path) -> None:
    with webhook(404) as hook:
        settings, config = project(tmp_path, CHAT, {"CHAT_WEBHOOK": hook.address})
        publish(settings, [signal("a")])
        with pytest.raises(NotTold, match="CHAT_WEBHOOK answered 404") as error:
            tell(settings, config, now)
        assert "secret-token" not in str(error.value)
        assert len(hook.got) == 1
        assert tell(settings, config, now) == Told(notices=1, messages=1)


def test_one_destinations_failure_stops_no_other(tmp_path: Path) -> None:
    with webhook() as hook, mail_server() as mailbox:
        notifications = mail(mailbox.port)
        notifications["destinations"] += [
            {"name": "nowhere", "webhook_env": "NOT_SET"},
            {"name": "plain", "webhook_env": "PLAIN"},
            CHAT["destinations"][0],
        ]
        settings, config = project(
            tmp_path, notifications, {"CHAT_WEBHOOK": hook.address, "PLAIN": "http://hooks.example/x"}
        )
        publish(settings, [signal("a")])
        with pytest.raises(NotTold) as error:
            tell(settings, config, now)
    assert [failure.split(":")[0] for failure in error.value.failures] == ["nowhere", "plain"]
    assert "PLAIN holds no https address" in str(error.value)
    assert len(hook.got) == len(mailbox.got) == 1


def test_a_mail_goes_to_the_owner_of_each_signal_with_nothing_but_its_figures(tmp_path: Path) -> None:
    german = "marketing.de@noordlicht.example"
    with mail_server() as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port), {})
        publish(settings, [signal("a"), signal("b"), signal("c", locale="de", owner=german)])
        assert tell(settings, config, now) == Told(notices=3, messages=2)
        assert tell(settings, config, now) == Told()
    assert {to: str(message["Subject"]) for to, message in mailbox.got} == {
        OWNER: "Noordlicht: signals, 2 new",
        german: "Noordlicht: signals, 1 new",
    }
    mine = next(message for to, message in mailbox.got if to == OWNER)
    assert mine.get_content().count("Sessions: 4000, where 10000 would be usual") == 2


def test_an_owner_whose_address_is_refused_keeps_no_other_from_being_told(tmp_path: Path) -> None:
    german = "marketing.de@noordlicht.example"
    with mail_server(refused=frozenset({OWNER})) as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port), {})
        publish(settings, [signal("a"), signal("c", locale="de", owner=german)])
        with pytest.raises(NotTold, match="refused the recipient"):
            tell(settings, config, now)
    assert [to for to, _ in mailbox.got] == [german]


def test_a_mail_server_that_asks_to_come_back_later_is_come_back_to(tmp_path: Path) -> None:
    with mail_server(busy=2) as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port), {})
        publish(settings, [signal("a")])
        assert tell(settings, config, now) == Told(notices=1, messages=1)
    assert len(mailbox.got) == 1


def test_a_server_that_is_down_is_named(tmp_path: Path) -> None:
    with mail_server() as mailbox:
        port = mailbox.port
    settings, config = project(tmp_path, mail(port), {})
    publish(settings, [signal("a")])
    with pytest.raises(NotTold, match=r"countries: 127\.0\.0\.1: ConnectionRefusedError"):
        tell(settings, config, now)


def test_what_was_being_sent_when_the_process_died_is_sent_again_with_the_same_id(tmp_path: Path) -> None:
    with mail_server() as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port), {})
        publish(settings, [signal("a")])
        tell(settings, config, now)
        with sqlite3.connect(settings.data / FOLDER / "ledger.sqlite") as ledger:
            ledger.execute("UPDATE notices SET state = 'sending'")
        ledger.close()
        assert tell(settings, config, now) == Told(notices=1, messages=1)
    first, second = (message["Message-ID"] for _, message in mailbox.got)
    assert first == second


def test_in_the_sandbox_messages_are_written_down_instead(tmp_path: Path) -> None:
    settings, config = project(tmp_path, {**mail(9), **CHAT}, {}, mode="sandbox")
    publish(settings, [signal("a")])
    tell(settings, config, now)
    (written,) = (settings.data / FOLDER / "outbox").iterdir()
    assert "Sessions: 4000" in written.read_text()


def test_without_destinations_or_builds_there_is_nothing_to_do(tmp_path: Path) -> None:
    settings, config = project(tmp_path, CHAT, {})
    assert not has_news(settings, config)
    assert tell(settings, config, now) == Told()
    silent = project(tmp_path, {}, {})[1]
    publish(settings, [signal("a")])
    assert not has_news(settings, silent)
