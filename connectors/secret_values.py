"""Secrets by the name of an environment variable: its value, or the file that ``<NAME>_FILE`` names."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from connectors.errors import ConfigurationError

FILE_SUFFIX = "_FILE"
"""As Docker's and Kubernetes' images have it: keys have many lines, and mounted files are how they are handed over."""


def secret_value(environment: Mapping[str, str], name: str) -> str | None:
    """The secret called ``name``, or None where the environment has neither it nor its file.

    Raises ConfigurationError for a file that cannot be read, or that others than its owner may read (PR-09).
    """
    value, path = environment.get(name), environment.get(name + FILE_SUFFIX)
    if value or not path:
        return value or None
    file = Path(path)
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise _unusable(name, f"other users of this machine have access to it (mode {mode:o})", "chmod 600 it")
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(name, type(error).__name__, "Name a readable text file") from None


def _unusable(name: str, cause: str, step: str) -> ConfigurationError:
    return ConfigurationError(
        f"The file that {name}{FILE_SUFFIX} names is not used",
        source="environment",
        cause=cause,
        next_step=f"{step}, then run again.",
    )
