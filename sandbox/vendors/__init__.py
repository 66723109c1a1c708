"""The company's vendors as servers on loopback, faithful to their protocols: limits, shapes and errors included.

Each vendor answers from what it knew at the virtual now. ``serve`` runs them all in one process.
"""

from sandbox.vendors.serve import serve

__all__ = ["serve"]
