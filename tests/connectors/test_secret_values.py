"""Where secrets come from: the environment, or a file it names that nobody else may read."""

from pathlib import Path

import pytest

from connectors.errors import ConfigurationError
from connectors.secret_values import secret_value

NAME = "SALESFORCE_GLOBAL_PRIVATE_KEY"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_text(KEY + "\n")
    path.chmod(0o600)
    return path


def test_a_secret_is_a_variable_or_the_content_of_the_file_it_names(key_file: Path) -> None:
    assert secret_value({NAME: "text"}, NAME) == "text"
    assert secret_value({f"{NAME}_FILE": str(key_file)}, NAME) == KEY
    assert secret_value({NAME: "text", f"{NAME}_FILE": str(key_file)}, NAME) == "text"
    assert secret_value({}, NAME) is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_file_that_others_may_read_is_refused_and_not_read(key_file: Path, mode: int) -> None:
    """PR-09."""
    key_file.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"mode {mode:o}") as raised:
        secret_value({f"{NAME}_FILE": str(key_file)}, NAME)
    assert "chmod 600" in raised.value.next_step
    assert "MIIB" not in str(raised.value)


def test_a_key_file_that_is_not_there_or_no_text_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "binary").chmod(0o600)
    for name in ("missing", "binary"):
        with pytest.raises(ConfigurationError, match=f"{NAME}_FILE"):
            secret_value({f"{NAME}_FILE": str(tmp_path / name)}, NAME)
