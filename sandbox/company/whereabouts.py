"""Where a record's activities hang as time goes by: a merge hands them to the winner, a conversion to the contact and
the deal; they share the recycle bin with what they are about."""

from sandbox.company.records import Contact, Deal, Fields, Lead, World

Moves = list[tuple[int, Fields]]


class Whereabouts:
    """Answers for each lead, contact and deal which updates its activities get."""

    def __init__(self, world: World) -> None:
        people: list[Lead | Contact] = [*world.leads, *world.contacts]
        self._people = {one.id: one for one in people}
        self._known: dict[str, Moves] = {}

    def of_person(self, person_id: str) -> Moves:
        """Updates of the activities with a lead or a contact, its winner's and its contact's after it."""
        if person_id not in self._known:
            self._known[person_id] = self._of_person(self._people[person_id])
        return self._known[person_id]

    def of_deal(self, deal: Deal) -> Moves:
        """Updates of the activities about a deal."""
        return [(at, {"deleted": update["deleted"]}) for at, update in deal.updates[1:] if "deleted" in update]

    def _of_person(self, person: Lead | Contact) -> Moves:
        moves: Moves = []
        for at, update in person.updates[1:]:
            if update.get("merged_into"):
                return [*moves, *self._handed(at, update["merged_into"], {})]
            if update.get("contact_id"):
                also = {"what": update["deal_id"], "account": update["account_id"]}
                return [*moves, *self._handed(at, update["contact_id"], also)]
            if "deleted" in update or "purged" in update:
                moves.append((at, {key: update[key] for key in ("deleted", "purged") if key in update}))
        return moves

    def _handed(self, at: int, to: str, also: Fields) -> Moves:
        following = [move for move in self.of_person(to) if move[0] > at]
        return [(at, {"who": to, **also}), *following]
