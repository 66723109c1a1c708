"""What goes wrong at the vendors, on purpose: ordered rules that say when, and what happens instead of the answer."""

from sandbox.faults.plan import Call, FaultPlan
from sandbox.faults.rules import Action, Edit, Fault, Match, Remove, Rename, Restate, Truncation

__all__ = ["Action", "Call", "Edit", "Fault", "FaultPlan", "Match", "Remove", "Rename", "Restate", "Truncation"]
