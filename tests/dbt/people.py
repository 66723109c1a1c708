"""The miniature company's CRM: one person a rule of the funnel, written as short as Salesforce would let us."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]


class Crm:
    """Collects CRM rows of one org; times are UTC texts such as ``2026-01-05 10:00``."""

    def __init__(self, connection: str) -> None:
        self.connection = connection
        self.rows: Rows = {}

    def add(self, stream: str, id: str, created: str, **fields: Any) -> None:
        """One version of a record; its Id is padded to Salesforce's 18 characters."""
        row: Row = {
            "id": id.ljust(18, "0"),
            "is_deleted": False,
            "created_date": f"{created}:00+00",
            "system_modstamp": f"{created}:00+00",
            "_connection": self.connection,
            "_scope": "nl",
            "_load_seq": 1,
            "_is_new": True,
        }
        for name, value in fields.items():
            row[name] = value.ljust(18, "0") if name.endswith("_id") and isinstance(value, str) else value
        self.rows.setdefault(f"landing.salesforce__{stream}", []).append(row)

    def lead(self, id: str, created: str, locale: str, status: str = "New", **fields: Any) -> None:
        """A lead in the sensors business line."""
        self.add(
            "lead", id, created, locale_value=locale, status=status, **{"business_line_value": "Sensors", **fields}
        )

    def history(self, lead: str, changes: list[tuple[str, str, str]], field: str = "status") -> None:
        """Changes of a lead's status or locale: (instant, old value, new value)."""
        for number, (instant, old, new) in enumerate(changes):
            self.add(
                "lead_history",
                f"017{lead}{field[0]}{number}",
                instant,
                lead_id=lead,
                field=field,
                old_value=old,
                new_value=new,
            )

    def deal(self, id: str, created: str, locale: str, stages: list[tuple[str, str]], **fields: Any) -> None:
        """An opportunity with its stage history: (instant, stage)."""
        self.add(
            "opportunity",
            id,
            created,
            locale_value=locale,
            **{"business_line_value": "Sensors", "stage_name": stages[-1][1], **fields},
        )
        for number, (instant, stage) in enumerate(stages):
            self.add("opportunity_history", f"008{id}{number}", instant, opportunity_id=id, stage_name=stage)

    def response(self, id: str, day: str, campaign: str, **person: str) -> None:
        """A campaign member (lead_id or contact_id) who responded on a day."""
        self.add(
            "campaign_member",
            id,
            f"{day} 12:00",
            campaign_id=campaign,
            has_responded=True,
            first_responded_date=day,
            **person,
        )


def crm() -> Rows:
    """Both orgs' rows."""
    rows = global_org().rows
    for table, more in americas_org().rows.items():
        rows.setdefault(table, []).extend(more)
    return rows


def global_org() -> Crm:
    """The Netherlands, Japan, and an unclaimed market."""
    org = Crm("global")
    org.add("campaign", "701W", "2025-12-01 09:00", name="Winter webinar", type="Webinar")
    org.add("campaign", "701M", "2025-12-01 09:00", name="Newsletter", type="Email")

    # All five stages in order; converted; the contact is the same person.
    org.lead("00QA", "2026-01-05 10:00", "NL", "Done", email_key="anna", visitor_key="visitor-anna",
             converted_contact_id="003A", converted_opportunity_id="006A", owner_id="005U")  # fmt: skip
    org.history("00QA", [("2026-01-12 09:00", "New", "Qualified"), ("2026-01-20 09:00", "Qualified", "Done")])
    org.add("contact", "003A", "2026-01-20 09:00", email_key="anna", locale_value="NL")
    org.response("00vA", "2026-01-08", "701W", lead_id="00QA")
    org.response("00vA2", "2026-01-06", "701M", lead_id="00QA")
    org.deal("006A", "2026-01-20 09:00", "NL",
             [("2026-01-20 09:00", "Talking"), ("2026-01-22 09:00", "Accepted"), ("2026-02-10 15:00", "Won")],
             amount="1000.10", currency_iso_code="EUR", close_date="2026-02-10", account_id="001A",
             type="Again")  # fmt: skip

    # Recycled, back again; then a customer who returns.
    org.lead("00QB", "2026-01-06 10:00", "NL", email_key="bert")
    org.history("00QB", [("2026-01-07 09:00", "New", "Qualified"), ("2026-01-10 09:00", "Qualified", "Returned"),
                         ("2026-02-01 09:00", "Returned", "Qualified")])  # fmt: skip

    # Moved from the Netherlands to Japan between two stages; a tie of e-mail with a contact of the same person.
    org.lead("00QC", "2026-01-10 23:30", "JP", "Qualified", email_key="chie", business_line_value="Robotics")
    org.history("00QC", [("2026-01-15 09:00", "NL", "JP")], field="locale")
    org.history("00QC", [("2026-01-20 20:00", "New", "Qualified")])

    # Two leads merged, disqualified in the end.
    org.lead("00QD", "2026-01-11 10:00", "NL", "Rejected", email_key="dirk")
    org.lead("00QE", "2026-01-09 10:00", "NL", is_deleted=True, master_record_id="00QD", email_key="dirk-private")
    org.history("00QD", [("2026-01-12 09:00", "New", "Qualified"), ("2026-01-14 09:00", "Qualified", "Rejected")])

    # A deal without a lead, in dollars, through its contact role; another through its account, without history.
    org.add("contact", "003F", "2026-02-01 09:00", email_key="fumi", locale_value="JP")
    org.deal("006F", "2026-02-02 09:00", "JP", [("2026-02-03 09:00", "Accepted"), ("2026-02-20 09:00", "Won")],
             amount="500", currency_iso_code="USD", close_date="2026-02-20", account_id="001F")  # fmt: skip
    org.add("opportunity_contact_role", "00KF", "2026-02-02 09:00", opportunity_id="006F", contact_id="003F",
            is_primary=True)  # fmt: skip
    org.add("opportunity", "006G", "2026-02-05 09:00", locale_value="JP", stage_name="Won", amount="80000",
            currency_iso_code="JPY", close_date="2026-02-25", account_id="001G",
            business_line_value="Services")  # fmt: skip

    # What sales did: called Anna four hours after she was qualified; met Bert after two days, but not when he came
    # back; sent Dirk away unseen; means to call Chie.
    org.add("user", "005U", "2025-12-01 09:00", team="Inside sales")
    org.add("task", "00TA", "2026-01-12 13:00", who_id="003A", what_id="006A", is_closed=True,
            completed_date_time="2026-01-12 13:00:00+00")  # fmt: skip
    org.add("task", "00TA2", "2026-01-08 13:00", who_id="00QA", is_closed=True,
            completed_date_time="2026-01-08 13:00:00+00")  # fmt: skip
    org.add("event", "00UB", "2026-01-08 09:00", who_id="00QB", start_date_time="2026-01-09 09:00:00+00")
    org.add("task", "00TC", "2026-01-21 09:00", who_id="00QC", is_closed=False)

    # Lines that add up to Anna's deal, part of it every year, and one that does not add up to Fumi's.
    org.add("product2", "01tR", "2025-12-01 09:00", name="Maintenance", revenue_type="Yearly")
    org.add("product2", "01tO", "2025-12-01 09:00", name="Probe", revenue_type="Once")
    org.add("opportunity_line_item", "00kA", "2026-01-21 09:00", opportunity_id="006A", product2_id="01tR",
            total_price="400.10", currency_iso_code="EUR")  # fmt: skip
    org.add("opportunity_line_item", "00kA2", "2026-01-21 09:00", opportunity_id="006A", product2_id="01tO",
            total_price="600", currency_iso_code="EUR")  # fmt: skip
    org.add("opportunity_line_item", "00kF", "2026-02-02 09:00", opportunity_id="006F", product2_id="01tO",
            total_price="450", currency_iso_code="USD")  # fmt: skip

    # Denmark has no configuration.
    org.lead("00QZ", "2026-01-11 10:00", "DK", "Ny", email_key="zoe")
    # Deleted for good.
    org.lead("00QX", "2026-01-11 10:00", "NL", is_deleted=True, email_key="xander")
    return org


def americas_org() -> Crm:
    """The United States: a single-currency org whose Ids repeat the other's."""
    org = Crm("americas")
    org.add("campaign", "701W", "2025-12-01 09:00", name="Demo days", type="Demo")
    # Straight to an opportunity, late in the evening of a day that is already tomorrow in UTC.
    org.lead("00QA", "2026-02-01 05:00", "US", "Done", email_key="ursula", visitor_key="visitor-ursula",
             converted_opportunity_id="006A")  # fmt: skip
    org.history("00QA", [("2026-02-10 03:00", "New", "Done")])
    org.response("00vA", "2026-02-05", "701W", lead_id="00QA")
    org.deal("006A", "2026-02-10 03:00", "US", [("2026-02-10 03:00", "Accepted"), ("2026-02-20 03:00", "Won")],
             amount="2000", currency_iso_code="USD", close_date="2026-02-19", account_id="001A")  # fmt: skip
    return org


ORIGINS = {
    "Paid Search": ("google", "cpc"), "Organic Search": ("google", "organic"), "Email": ("news", "email"),
    "Direct": ("(direct)", "(none)"),
}  # fmt: skip
"""Source and medium of a session of each channel."""


def visit(locale: str, minute: str, visitor: str, channel: str) -> Row:
    """An identified session; `minute` is local and written as GA4 does."""
    source, medium = ORIGINS[channel]
    return {
        "date": f"{minute[:4]}-{minute[4:6]}-{minute[6:8]}", "date_hour_minute": minute, "visitor_key": visitor,
        "session_default_channel_group": channel, "session_source": source, "session_medium": medium,
        "session_campaign_name": "Launch", "landing_page": "/sensors", "sessions": 1, "_scope": locale,
    }  # fmt: skip


def visit_window(locale: str, day: str, content_hash: str = "first") -> Row:
    """The manifest's row of a landed day of identified sessions."""
    return {
        "source": "ga4", "stream": "touchpoints", "scope": locale, "window_start": day,
        "window_end": (date.fromisoformat(day) + timedelta(days=1)).isoformat(),
        "state": "final", "content_hash": content_hash,
    }  # fmt: skip


def visits() -> Rows:
    """Identified sessions: two of Anna's before her lead (at the same minute), one of Ursula's, one of a stranger."""
    return {
        "landing.windows": [visit_window("nl", "2026-01-04"), visit_window("us", "2026-01-31")],
        "landing.ga4__touchpoints": [
            visit("nl", "202601041200", "visitor-anna", "Paid Search"),
            visit("nl", "202601041200", "visitor-anna", "Email"),
            visit("us", "202601312000", "visitor-ursula", "Organic Search"),
            visit("nl", "202601041300", "visitor-stranger", "Direct"),
        ],
    }
