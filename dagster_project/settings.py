"""Where things are and what is secret: the only module that reads the environment."""

import json
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.secret_values import secret_value
from dagster_project.config.accounts import Secret

HOME = "TRECHTER_HOME"
DATA = "TRECHTER_DATA"
ENDPOINTS = "TRECHTER_ENDPOINTS"
IDENTITY_KEY = "TRECHTER_IDENTITY_KEY"


class MissingSecret(Exception):
    """A secret the work needs is not in the environment. Names the variable, never a value."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(
            f"Not in the environment: {', '.join(names)}. Set {'it' if len(names) == 1 else 'them'} and try again; "
            "`trechter doctor` says what each is for."
        )


@dataclass(frozen=True)
class Settings:
    """Folders of one project and, hidden from `repr`, its secrets.

    `home` holds `config/` and `dbt_project/`; `data` everything that is produced. `endpoints` sends a connection to
    another address than the vendor's; connectors accept only addresses of this machine there.
    """

    home: Path
    data: Path
    endpoints: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of this process: `TRECHTER_HOME` (default: the folder the project is in), `TRECHTER_DATA`."""
        values = os.environ if environment is None else environment
        home = Path(values.get(HOME) or _checkout()).resolve()
        data = Path(values.get(DATA) or home / "data").resolve()
        return cls(home, data, json.loads(values.get(ENDPOINTS) or "{}"), dict(values))

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def dbt_project(self) -> Path:
        return self.home / "dbt_project"

    @property
    def landing(self) -> Path:
        return self.data / "landing"

    @property
    def warehouse(self) -> Path:
        """The working database. One writer, and no reader but the writer."""
        return self.data / "warehouse" / "trechter.duckdb"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def sandbox(self) -> Path:
        return self.data / "sandbox"

    @property
    def dagster_home(self) -> Path:
        return self.data / "dagster"

    @property
    def dbt_target(self) -> Path:
        return self.data / "dbt" / "target"

    @property
    def dbt_manifest(self) -> Path:
        """What the dbt project is, for Dagster and publication; dbt writes over the one in `dbt_target`."""
        return self.data / "dbt" / "manifest.json"

    def secret(self, name: str) -> str:
        """The secret in environment variable `name`, or in the file `<name>_FILE` names. Raises MissingSecret."""
        value = secret_value(self.secrets, name)
        if not value:
            raise MissingSecret([name])
        return value

    def has(self, name: str) -> bool:
        """Whether a secret is set. Raises ConfigurationError for a file of it that may not be used."""
        return bool(secret_value(self.secrets, name))

    def login(self, parts: Mapping[str, Secret]) -> dict[str, str]:
        """Each part of a login that is set. Raises MissingSecret naming all that are needed and missing."""
        found = {part: secret_value(self.secrets, secret.variable) for part, secret in parts.items()}
        missing = [secret.variable for part, secret in parts.items() if secret.is_needed and not found[part]]
        if missing:
            raise MissingSecret(missing)
        return {part: value for part, value in found.items() if value}

    def export(self, environment: MutableMapping[str, str]) -> None:
        """Tell the programs we start (dbt, Dagster's own) where things are, and that none of them may phone home."""
        self.dagster_home.mkdir(parents=True, exist_ok=True)
        environment[HOME] = str(self.home)
        environment[DATA] = str(self.data)
        environment["TRECHTER_WAREHOUSE"] = str(self.warehouse)
        environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        environment["DO_NOT_TRACK"] = "1"
        environment.setdefault("DAGSTER_HOME", str(self.dagster_home))

    def with_vendors(self, endpoints: Mapping[str, str], secrets: Mapping[str, str]) -> "Settings":
        """These settings, pointed at the sandbox's vendors and holding its secrets."""
        return Settings(self.home, self.data, dict(endpoints), {**self.secrets, **secrets})


def _checkout() -> Path:
    """The folder of the checkout this module is in, or, when installed elsewhere, the current folder."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "config").is_dir() else Path.cwd()
