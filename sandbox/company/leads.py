"""What can happen to a lead record: creation, status changes, moves, conversion, merging, deletion."""

from sandbox.company.instants import settle
from sandbox.company.market import END, Market
from sandbox.company.names import address
from sandbox.company.records import Account, Contact, FieldRow, Lead, Mailbox

_SOURCES = ("Web", "Web", "Web", "Event", "Partner", "Phone")
_TRACKED_SHARE = 0.985


def business_line(market: Market) -> str | None:
    """A business line as a form gives it: sometimes empty, in the global org now and then one nobody maps."""
    luck = market.rng.random()
    if luck < 0.03:
        return None
    if luck < 0.034 and market.locale.org == "global":
        return "robotics"
    return "automation" if luck < 0.45 else "sensors" if luck < 0.82 else "services"


def new_lead(
    market: Market,
    person: int,
    at: int,
    *,
    email: Mailbox | None,
    client_id: str | None = None,
    created_at: int | None = None,
    status: str = "open",
) -> Lead:
    """Create a lead at `at`; an imported one says it was created at `created_at`, long before."""
    rng, code = market.rng, market.locale.code
    fields = {
        "email": email, "locale": None if rng.random() < 0.0012 else code, "status": status, "words": code,
        "business_line": business_line(market), "client_id": client_id, "merged_into": None, "deleted": False,
        "contact_id": None, "account_id": None, "deal_id": None, "converted_day": None, "owner": market.owner(),
        "source": rng.choice(_SOURCES),
    }  # fmt: skip
    lead = Lead(market.mint("Lead"), market.locale.org, at if created_at is None else created_at, [(at, fields)])
    lead.person = person
    lead.is_tracked = rng.random() < _TRACKED_SHARE
    market.world.leads.append(lead)
    if created_at is None:
        note(market, lead, at, "created")
    return lead


def note(market: Market, lead: Lead, at: int, name: str, old: str | None = None, new: str | None = None) -> None:
    """A history row of another field than the status: created, converted, locale, owner. None on untracked leads."""
    if lead.is_tracked:
        lead.history.append(FieldRow(market.mint("LeadHistory"), lead.id, at, name, old, new, None, None, None))


def own_mailbox(person: int) -> Mailbox:
    """The person's own address, plainly spelt."""
    return Mailbox(person, address(person))


def set_status(market: Market, lead: Lead, at: int, status: str, **also: object) -> bool:
    """Change the status in the words of the lead's market; False when that would be after the simulation's end."""
    if at >= END:
        return False
    before = lead.latest()
    words = before["locale"] or before["words"]
    if lead.is_tracked and (before["status"], before["words"]) != (status, words):
        row_id, old = market.mint("LeadHistory"), before["status"]
        lead.history.append(FieldRow(row_id, lead.id, at, "status", old, status, before["words"], words, None))
    if status == "working" and market.rng.random() < 0.15:
        owner = market.owner()
        note(market, lead, at, "owner", before["owner"], owner)
        also["owner"] = owner
    lead.update(at, status=status, words=words, **also)
    return True


def move(market: Market, lead: Lead, at: int, target: str | None) -> int:
    """Hand a lead to another market of the org, and two hours later say its status in that market's words.

    Only tracked leads are moved, so that the CRM can tell where it was when. Returns when the move was done.
    """
    before = lead.latest()
    done = settle(at + 7_200)
    is_pointless = before["locale"] in {None, target} or before["deleted"]
    if done >= END or not lead.is_tracked or is_pointless:
        return at
    note(market, lead, at, "locale", before["locale"], target)
    lead.update(at, locale=target)
    if target is not None:
        set_status(market, lead, done, before["status"])
    return done


def new_account(market: Market, at: int) -> Account:
    """A company the market starts to deal with; one in twelve belongs to another one."""
    rng = market.rng
    parent = rng.choice(market.accounts) if market.accounts and rng.random() < 0.08 else None
    fields = {
        "locale": market.locale.code, "parent_id": parent, "deleted": False, "owner": market.owner(),
        "number": len(market.accounts) + 1,
    }  # fmt: skip
    account = Account(market.mint("Account"), market.locale.org, at, [(at, fields)])
    market.world.accounts.append(account)
    market.accounts.append(account.id)
    return account


def new_contact(market: Market, person: int, at: int, email: Mailbox | None, account_id: str | None) -> Contact:
    """A contact, in the market it was created in."""
    fields = {
        "email": email, "locale": market.locale.code, "account_id": account_id, "merged_into": None,
        "deleted": False, "owner": market.owner(),
    }  # fmt: skip
    contact = Contact(market.mint("Contact"), market.locale.org, at, [(at, fields)])
    contact.person = person
    market.world.contacts.append(contact)
    return contact


def merge(lead: Lead | Contact, at: int, winner: Lead | Contact) -> bool:
    """Merge a record into another one, unless either is gone, converted or later than `at`; says whether it did."""
    mine, theirs = lead.latest(), winner.latest()
    is_possible = (
        at < END
        and lead.last_at < at
        and winner.last_at <= at
        and not (mine["deleted"] or theirs["deleted"])
        and not (mine.get("contact_id") or theirs.get("contact_id"))
    )
    if is_possible:
        lead.update(at, merged_into=winner.id, deleted=True)
        winner.update(at)
    return is_possible
