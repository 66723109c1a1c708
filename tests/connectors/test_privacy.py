import hashlib
import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ConfigurationError
from connectors.privacy import Pseudonymiser, normalise_email, strip_queries

SECRET = b"a secret of at least sixteen bytes"
PEOPLE = Pseudonymiser(SECRET)


def test_spellings_of_one_address_have_one_key() -> None:
    keys = {PEOPLE.email_key(text) for text in ("Ada@Loom.example", " ada@loom.example\t", "\uff21da@loom.example")}
    assert len(keys) == 1


def test_the_key_is_the_hmac_of_the_normalised_address() -> None:
    expected = hmac.new(SECRET, b"ada@loom.example", hashlib.sha256).hexdigest()
    assert PEOPLE.email_key("ADA@loom.example") == expected


def test_a_key_cannot_be_found_by_hashing_addresses() -> None:
    assert PEOPLE.email_key("ada@loom.example") != hashlib.sha256(b"ada@loom.example").hexdigest()
    assert PEOPLE.email_key("ada@loom.example") != Pseudonymiser(SECRET + b"!").email_key("ada@loom.example")


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_email(normalise_email(text)) == normalise_email(text)


@given(st.lists(st.one_of(st.none(), st.sampled_from(["", " ", "a@b.example", "A@b.example "]))))
def test_columns_are_keyed_as_their_values_are(values: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(values[:2], pa.string()), pa.array(values[2:], pa.string())])
    assert PEOPLE.email_keys(column).to_pylist() == [None if v is None else PEOPLE.email_key(v) for v in values]


def test_nothing_has_no_key() -> None:
    assert PEOPLE.email_key("  ") is None
    assert PEOPLE.visitor_key("") is None


def test_visitor_ids_keep_their_case() -> None:
    assert PEOPLE.visitor_key(" Ab.12 ") == PEOPLE.visitor_key("Ab.12") != PEOPLE.visitor_key("ab.12")


def test_a_short_secret_is_refused_and_a_good_one_never_shown() -> None:
    with pytest.raises(ConfigurationError, match="16 bytes"):
        Pseudonymiser(b"short")
    assert "secret of" not in repr(PEOPLE)


def test_queries_and_fragments_are_cut_off() -> None:
    urls = pa.chunked_array([["/a?email=ada@loom.example", "/b#x", "/c", None, "(not set)"]])
    assert strip_queries(urls).to_pylist() == ["/a", "/b", "/c", None, "(not set)"]
