"""The project this process works on: its settings and its checked configuration, read once."""

import os
from dataclasses import dataclass
from functools import cache

from dagster_project.config import Config, load_config
from dagster_project.settings import Settings


@dataclass(frozen=True)
class Project:
    """Settings and configuration that belong together."""

    settings: Settings
    config: Config


@cache
def project() -> Project:
    """The project of this process. Raises ConfigurationProblems when anything in `config/` is wrong."""
    settings = Settings.from_environment()
    settings.export(os.environ)
    return Project(settings, load_config(settings.config))
