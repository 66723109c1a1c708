"""How `connections.yml` says to log in to an org: what is named there, what by convention, and what is missing."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import ConfigurationError
from dagster_project.config import ConfigurationProblems, load_config
from dagster_project.lib.diagnosis import examine_secrets
from dagster_project.lib.session import Session
from dagster_project.settings import MissingSecret, Settings
from sandbox.company.store import load_company
from tests.connectors.salesforce.served import ServedOrg

COMMITTED = Path(__file__).parents[3] / "config"
ORG = "salesforce_global"
PREFIX = "SALESFORCE_GLOBAL_"
NAMED = """  consumer_key_env: SALESFORCE_GLOBAL_CONSUMER_KEY
  consumer_secret_env: SALESFORCE_GLOBAL_CONSUMER_SECRET
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedOrg]:
    folder = tmp_path_factory.mktemp("org")
    org = ServedOrg(load_company(folder, scale=0.005), folder)
    yield org
    org.network.stop()


def session_with(folder: Path, lines: str, secrets: dict[str, str], endpoint: str = "") -> Session:
    """A live project whose global org has these lines in `connections.yml` instead of the names of its app's keys."""
    shutil.copytree(COMMITTED, folder / "config", dirs_exist_ok=True)
    path = folder / "config" / "connections.yml"
    text = path.read_text()
    assert NAMED in text
    path.write_text(text.replace(NAMED, lines))
    config = load_config(folder / "config")
    settings = Settings(folder, folder / "data", {ORG: endpoint} if endpoint else {}, secrets)
    return Session(settings, config, lambda: datetime(2026, 7, 1, 6, tzinfo=UTC), ExitStack())


@pytest.mark.parametrize(
    ("login", "parts"),
    [
        ("client_credentials", ["CONSUMER_KEY", "CONSUMER_SECRET"]),
        ("private_key", ["CONSUMER_KEY", "USERNAME", "PRIVATE_KEY"]),
        ("password", ["USERNAME", "PASSWORD", "SECURITY_TOKEN"]),
        ("password", ["USERNAME", "PASSWORD", "SECURITY_TOKEN", "CONSUMER_KEY", "CONSUMER_SECRET"]),
    ],
    ids=["client credentials", "private key", "password by SOAP", "password with a connected app"],
)
def test_each_login_works_with_variables_named_by_convention(
    served: ServedOrg, tmp_path: Path, login: str, parts: list[str]
) -> None:
    secrets = {PREFIX + part: served.network.contract["env"][PREFIX + part] for part in parts}
    session = session_with(tmp_path, f"  login: {login}\n", secrets, served.connection().endpoint or "")
    session.salesforce_client(ORG).check()


def test_a_variable_named_in_the_file_goes_before_the_convention(tmp_path: Path) -> None:
    lines = "  login: password\n  username_env: ROBOT\n"
    secrets = {"ROBOT": "robot@loom.example", PREFIX + "USERNAME": "ada@loom.example", PREFIX + "PASSWORD": "x"}
    assert session_with(tmp_path, lines, secrets).salesforce_connection(ORG).username == "robot@loom.example"


def test_everything_an_account_lacks_is_named_at_once(tmp_path: Path) -> None:
    session = session_with(tmp_path, "  login: private_key\n", {})
    with pytest.raises(MissingSecret) as raised:
        session.salesforce_client(ORG)
    assert raised.value.names == [PREFIX + part for part in ("CONSUMER_KEY", "USERNAME", "PRIVATE_KEY")]


def test_the_doctor_tells_needed_secrets_from_those_used_if_set(tmp_path: Path) -> None:
    session = session_with(tmp_path, "  login: password\n", {PREFIX + "USERNAME": "robot@loom.example"})
    found = {finding.subject: finding for finding in examine_secrets(session.settings, session.config)}
    assert not found[PREFIX + "PASSWORD"].is_well
    assert "missing" in found[PREFIX + "PASSWORD"].says
    assert found[PREFIX + "SECURITY_TOKEN"].is_well
    assert "not set, nor needed" in found[PREFIX + "SECURITY_TOKEN"].says
    assert not [finding for finding in found.values() if "robot@" in finding.says]


def test_the_doctor_finds_a_key_file_that_others_may_read_and_the_account_is_not_used(tmp_path: Path) -> None:
    """PR-09."""
    key = tmp_path / "key.pem"
    key.write_text("a key")
    key.chmod(0o644)
    secrets = {PREFIX + "CONSUMER_KEY": "k", PREFIX + "USERNAME": "u", PREFIX + "PRIVATE_KEY_FILE": str(key)}
    session = session_with(tmp_path, "  login: private_key\n", secrets)
    found = {finding.subject: finding for finding in examine_secrets(session.settings, session.config)}
    assert "other users" in found[PREFIX + "PRIVATE_KEY"].says
    with pytest.raises(ConfigurationError, match="other users"):
        session.salesforce_client(ORG)


def test_limits_of_an_org_reach_its_connector_and_have_defaults(tmp_path: Path) -> None:
    secrets = {PREFIX + "CONSUMER_KEY": "k", PREFIX + "CONSUMER_SECRET": "s"}
    plain = session_with(tmp_path / "a", NAMED, secrets).salesforce_connection(ORG)
    assert (plain.daily_calls_share, plain.sweep_days) == (0.8, 7)
    lines = NAMED + "  daily_calls_share: 0.5\n  sweep_days: 1\n"
    mine = session_with(tmp_path / "b", lines, secrets).salesforce_connection(ORG)
    assert (mine.daily_calls_share, mine.sweep_days) == (0.5, 1)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("  login: oauth\n", "one of 'client_credentials', 'private_key' or 'password'"),
        ("  password_env: SECRET\n", "password_env only with another login than client_credentials"),
        ("  login: password\n  private_key_env: KEY\n", "private_key_env only with another login than password"),
        ("  password: hunter2\n", "did you mean password_env?"),
        ("  login: password\n  password_env: hunter2\n", "the name of an environment variable"),
        ("  daily_calls_share: 0.95\n", "less than or equal to 0.9"),
        ("  daily_calls_share: 80\n", "less than or equal to 0.9"),
        ("  sweep_days: 0\n", "greater than or equal to 1"),
    ],
)
def test_a_mistake_in_a_login_or_limit_is_one_line_that_says_what_is_allowed(
    tmp_path: Path, lines: str, says: str
) -> None:
    with pytest.raises(ConfigurationProblems) as raised:
        session_with(tmp_path, lines, {})
    [problem] = raised.value.problems
    assert (problem.file, problem.field.split(".")[0]) == ("connections.yml", ORG)
    assert says in problem.allowed
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("transport", ["grpc", "rest"])
def test_an_analytics_account_is_reached_by_the_transport_it_names(
    served: ServedOrg, tmp_path: Path, transport: str
) -> None:
    """GA-07."""
    session = session_with(tmp_path, NAMED, served.network.contract["env"])
    path = tmp_path / "config" / "connections.yml"
    path.write_text(path.read_text().replace("  kind: ga4\n", f"  kind: ga4\n  transport: {transport}\n"))
    settings = session.settings.with_vendors(served.network.contract["endpoints"], {})
    closing = ExitStack()
    with closing:
        again = Session(settings, load_config(tmp_path / "config"), lambda: served.now, closing)
        again.ga4_client("google_analytics").check("310000001")
