"""What is sold: a catalogue an org, and the lines of its deals, which nearly always add up to the deal's amount."""

from random import Random

from sandbox.company.instants import day_number, settle
from sandbox.company.locales import FIRST_DAY
from sandbox.company.market import END, Market, OrgBook
from sandbox.company.records import Deal, Fields, LineItem, Product, Record, World

ONE_OFF, RECURRING = "One-off", "Recurring"
# Code, name, family, revenue type, business line.
_CATALOGUE = (
    ("AUT-100", "Line controller", "Hardware", ONE_OFF, "automation"),
    ("AUT-200", "Robot cell", "Hardware", ONE_OFF, "automation"),
    ("AUT-300", "Control suite licence", "Software", RECURRING, "automation"),
    ("AUT-310", "Control suite, perpetual", "Software", ONE_OFF, "automation"),
    ("SEN-100", "Flow sensor", "Hardware", ONE_OFF, "sensors"),
    ("SEN-110", "Pressure sensor", "Hardware", ONE_OFF, "sensors"),
    ("SEN-200", "Sensor gateway", "Hardware", ONE_OFF, "sensors"),
    ("SEN-300", "Condition monitoring", "Software", RECURRING, "sensors"),
    ("SRV-100", "Commissioning", "Services", ONE_OFF, "services"),
    ("SRV-200", "Maintenance contract", "Services", RECURRING, "services"),
    ("SRV-210", "Spare parts plan", "Services", RECURRING, "services"),
    ("SRV-300", "Training", "Services", ONE_OFF, "services"),
)
_RETIRED = {"SEN-110": 470, "AUT-310": 520}
"""Products that are taken off the list, so many days after the first."""

_QUANTITIES = (1, 1, 1, 2, 3, 4, 5, 8, 10, 12, 20, 25)
_WITHOUT_LINES, _OUT_OF_STEP = 0.09, 0.04
_BIN_DAYS = 16


def stock(world: World, books: dict[str, OrgBook]) -> None:
    """Give each org its catalogue: the same products, each with the org's own ids."""
    start = settle(day_number(FIRST_DAY) * 86_400 - 20 * 86_400 + 9 * 3_600)
    for org, book in books.items():
        for number, (code, name, family, revenue_type, _) in enumerate(_CATALOGUE):
            fields = {
                "name": name, "code": code, "family": family, "revenue_type": revenue_type, "is_active": True,
                "deleted": False,
            }  # fmt: skip
            at = start + number * 60
            product = Product(book.mints["Product2"](), org, at, [(at, fields)])
            if code in _RETIRED:
                product.update(settle(at + _RETIRED[code] * 86_400), is_active=False)
            world.products.append(product)
        at = start + 3_600
        fields = {**fields, "name": "Test product", "code": "TEST", "is_active": False}
        test = Product(book.mints["Product2"](), org, at, [(at, fields)])
        test.update(at + 86_400, deleted=True)
        world.products.append(test)


def itemise(markets: list[Market], world: World, seed: int) -> None:
    """Give most deals that have an amount their lines."""
    by_code = {market.locale.code: market for market in markets}
    rng = Random(f"{seed}/line items")  # noqa: S311 (a simulation, not a secret)
    products = {
        org: [one.id for one in world.products if one.org == org][: len(_CATALOGUE)]
        for org in {market.locale.org for market in markets}
    }
    for deal in world.deals:
        if rng.random() >= _WITHOUT_LINES:
            _Sale(deal, by_code[deal.updates[0][1]["locale"]], rng, products[deal.org]).play()


class _Sale:
    """One deal's lines while they are played along with it."""

    def __init__(self, deal: Deal, market: Market, rng: Random, products: list[str]) -> None:
        self.deal, self.market, self.rng, self.products = deal, market, rng, products
        self.lines: list[LineItem] = []

    def play(self) -> None:
        """Follow the deal from its first amount through each change of it to its deletion."""
        fields: Fields = {}
        for at, update in self.deal.updates:
            fields = fields | update
            if fields["amount"] is None:
                continue
            if not self.lines:
                self._open(at, fields)
            elif "amount" in update and self.rng.random() >= _OUT_OF_STEP:
                self._reprice(at, fields["amount"])
            if update.get("deleted"):  # the lines go to the bin with their deal, in one transaction
                for line in self.lines:
                    if not line.latest()["deleted"]:
                        line.update(at, deleted=True)
        self.market.world.lines.extend(self.lines)
        if self.lines:
            self._afterwards()

    def _open(self, at: int, fields: Fields) -> None:
        count = self.rng.choices((1, 2, 3, 4), (34, 38, 20, 8))[0]
        for position, total in enumerate(_parts(self.rng, fields["amount"], count), start=1):
            self._add(at, position, self._product(fields["business_line"]), total, fields)

    def _product(self, line: str | None) -> str:
        """Mostly one of the deal's own business line."""
        own = [number for number, row in enumerate(_CATALOGUE) if row[4] == line and self.rng.random() < 0.85]
        return self.products[self.rng.choice(own) if own else self.rng.randrange(len(_CATALOGUE))]

    def _add(self, at: int, position: int, product_id: str, total: int, deal: Fields) -> LineItem:
        quantity = next((n for n in self.rng.sample(_QUANTITIES, 4) if total % n == 0 and total >= n), 1)
        fields = {
            "deal_id": self.deal.id, "product_id": product_id, "quantity": quantity, "deleted": False,
            "unit_price": total // quantity, "currency": deal["currency"], "position": position,
            "service_day": deal["close_day"] + 14 if self.rng.random() < 0.6 else None,
        }  # fmt: skip
        line = LineItem(self.market.mint("OpportunityLineItem"), self.deal.org, at, [(at, fields)])
        self.lines.append(line)
        return line

    def _reprice(self, at: int, amount: int) -> None:
        """The amount is what the lines come to, so a new amount is new prices of lines."""
        shares = _parts(self.rng, amount, len(self.lines))
        for line, total in zip(self.lines, shares, strict=True):
            line.update(at, quantity=1, unit_price=total)

    def _afterwards(self) -> None:
        """Now and then a line is thrown away (some come back, some leave the bin for good); the deal's amount stays."""
        if self.rng.random() >= 0.03 or self.lines[0].latest()["deleted"]:
            return
        first = self.lines[0].latest()
        extra = self._add(self.lines[-1].created_at, len(self.lines) + 1, self.products[0], 100, first | {
            "close_day": self.deal.latest()["close_day"],
        })  # fmt: skip
        self.market.world.lines.append(extra)
        throw_away(extra, self.rng, settle(extra.created_at + self.rng.randrange(7_200, 86_400 * 20)))


def throw_away(record: Record, rng: Random, at: int) -> None:
    """Delete a record by hand; a quarter is restored, four tenths leave the bin for good."""
    if at >= END:
        return
    record.update(at, deleted=True)
    luck, emptied = rng.random(), settle(at + _BIN_DAYS * 86_400)
    restored = settle(at + rng.randrange(7_200, 5 * 86_400))
    if luck < 0.25 and restored < END:
        record.update(restored, deleted=False)
    elif luck < 0.65 and emptied < END:
        record.update(emptied, purged=True)


def _parts(rng: Random, amount: int, count: int) -> list[int]:
    """An amount (hundredths) in so many parts that add up to it; whole units stay whole, for some currencies must."""
    unit = 100 if amount % 100 == 0 else 1
    whole, weights = amount // unit, [rng.uniform(0.3, 1.0) for _ in range(count)]
    parts = [int(whole * weight / sum(weights)) for weight in weights[1:]]
    return [(whole - sum(parts)) * unit, *(part * unit for part in parts)]
