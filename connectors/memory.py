"""Memory given back to the system as soon as it is free.

Allocators keep what they once had, for each thread anew, in the hope of using it again. A refresh has many threads
and a few large buffers at a time: left alone, its process grows to several times what it holds at any moment.
"""

from __future__ import annotations

import ctypes

import pyarrow as pa

MAPPED_BYTES = 1 << 20
"""Buffers from this size on (glibc's ``M_MMAP_THRESHOLD``) are the system's own pages, gone when they are freed."""

_M_MMAP_THRESHOLD = -3


def keep_little() -> None:
    """Tell the process's allocators; once, when it starts. Where the C library is not glibc only Arrow's is told."""
    pa.set_memory_pool(pa.system_memory_pool())
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_MMAP_THRESHOLD, MAPPED_BYTES)


def give_back() -> None:
    """Return what is free now; takes milliseconds."""
    pa.default_memory_pool().release_unused()
