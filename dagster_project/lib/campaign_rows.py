"""The rows of the tables of schema `config` that say how campaigns are coded."""

from collections.abc import Iterator
from datetime import datetime

from dagster_project.config import Config
from dagster_project.config.campaign_codes import for_capitals, listed_values, part_patterns, prefix_patterns
from dagster_project.lib.config_rows import Row


def campaign_code_parts(config: Config, _: datetime) -> Iterator[Row]:
    """The parts of head office's grammar of campaign codes, for names in capitals; `code`, all of it, is number 0."""
    pattern = for_capitals(config.campaign_codes.pattern)
    prefixes = prefix_patterns(pattern)
    order = {part: number for number, part in enumerate(prefixes, start=1)}
    listed = {part for part, _ in _values(config)}
    for part, whole in part_patterns(pattern).items():
        yield part, whole, part in listed, order.get(part, 0), prefixes.get(part)


def campaign_code_values(config: Config, _: datetime) -> Iterator[Row]:
    """The values that parts may have."""
    yield from _values(config)


def coded_channels(config: Config, _: datetime) -> Iterator[Row]:
    """The channels whose traffic needs a code."""
    for channel in sorted(set(config.campaign_codes.coded_channels)):
        yield (channel,)


def campaign_coding_exemptions(config: Config, _: datetime) -> Iterator[Row]:
    """What needs none although its channel does, in small letters."""
    for exempt in config.campaign_codes.exempt:
        yield tuple(text and text.strip().lower() for text in (exempt.source, exempt.medium, exempt.campaign))


def _values(config: Config) -> Iterator[tuple[str, str]]:
    return listed_values(config.campaign_codes, config.business_lines, config.locales)
