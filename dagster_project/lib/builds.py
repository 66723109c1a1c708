"""Published builds on disk: numbered folders that never change, and one pointer that says which is current.

    published/
      builds/000041/   marts.duckdb, one Parquet file a mart, build.json
      current          symbolic link to the current build, replaced in one step

A reader follows `current` once and then reads one build for as long as it likes.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.landing.durable import sync_to_disk

DATABASE = "marts.duckdb"
DESCRIPTION = "build.json"
KEEP_AT_LEAST = 3
KEEP_FOR = timedelta(hours=1)


class NothingPublished(Exception):
    """There is no current build to read yet."""

    def __init__(self, published: Path) -> None:
        super().__init__(
            f"No build has been published in {published}. Run `trechter demo` or `trechter refresh` first."
        )


@dataclass(frozen=True)
class Build:
    """What `build.json` says: the build's number, its instant, what it was made from and what is in it."""

    build_id: int
    as_of_at: str
    published_at: str
    fingerprint: str
    rows: dict[str, int]
    tests_passed: int


def current_folder(published: Path) -> Path:
    """The folder of the current build, with the pointer followed once. Raises NothingPublished."""
    pointer = published / "current"
    if not pointer.is_symlink():
        raise NothingPublished(published)
    return pointer.resolve(strict=True)


def current_build(published: Path) -> Build | None:
    """The current build's description, or None before the first."""
    try:
        return read_build(current_folder(published))
    except NothingPublished:
        return None


def read_build(folder: Path) -> Build:
    """The description of the build in `folder`."""
    return Build(**json.loads((folder / DESCRIPTION).read_text()))


def build_folders(published: Path) -> list[Path]:
    """Folders of all kept builds, oldest first."""
    builds = published / "builds"
    return sorted(path for path in builds.glob("[0-9]*") if path.is_dir()) if builds.is_dir() else []


def next_build_id(published: Path) -> int:
    """The number that the next build will have: numbers only go up, also after a rollback."""
    return max((int(path.name) for path in build_folders(published)), default=0) + 1


@contextmanager
def publishing(published: Path) -> Iterator[tuple[int, Path]]:
    """The next build's number and an empty folder to write it into; one publisher at a time.

    The folder is removed when the body raises, so a failed publication leaves nothing behind.
    """
    builds = published / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    with (published / "publish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in builds.glob(".staging-*"):
            shutil.rmtree(stale)
        build_id = next_build_id(published)
        staging = builds / f".staging-{build_id:06d}"
        staging.mkdir()
        try:
            yield build_id, staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def commit(published: Path, staging: Path, build: Build) -> Path:
    """Make the staged files durable, give them their final name and move the pointer to them. Returns the folder."""
    (staging / DESCRIPTION).write_text(json.dumps(asdict(build), indent=2) + "\n")
    for path in staging.iterdir():
        sync_to_disk(path)
    sync_to_disk(staging)
    final = published / "builds" / f"{build.build_id:06d}"
    os.rename(staging, final)
    sync_to_disk(final.parent)
    point_to(published, final)
    return final


def point_to(published: Path, folder: Path) -> None:
    """Move the pointer to a kept build, in one step: the same way forward (publish) and back (rollback)."""
    following = published / ".current-next"
    following.unlink(missing_ok=True)
    following.symlink_to(os.path.relpath(folder, published))
    os.replace(following, published / "current")
    sync_to_disk(published)


def sweep(published: Path, now: datetime) -> list[int]:
    """Remove builds that are neither current, nor among the newest, nor young enough to still have readers."""
    current = current_folder(published)
    removed = []
    for folder in build_folders(published)[:-KEEP_AT_LEAST]:
        published_at = datetime.fromisoformat(read_build(folder).published_at)
        if folder.resolve() != current and now - published_at > KEEP_FOR:
            shutil.rmtree(folder)
            removed.append(int(folder.name))
    return removed
