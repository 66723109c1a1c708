"""Mail goes over TLS to the server it is meant for, with its login, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from dagster_project.config.notifications import Smtp
from dagster_project.notices.telling import NotTold, Told, tell
from tests.dagster_project.notices.servers import mail_server
from tests.dagster_project.notices.signals import now, project, publish, signal

LOGIN = {"username_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def mail(port: int, **smtp: Any) -> dict[str, Any]:
    server = {"host": "localhost", "port": port, "sender": "signals@noordlicht.example", **smtp}
    return {"smtp": server, "destinations": [{"name": "countries", "email": "owner"}]}


def test_a_mail_goes_encrypted_with_the_login(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(certificate=certificate, password="right") as mailbox:
        secrets = {"MAIL_USER": "trechter", "MAIL_PASSWORD": "right"}
        settings, config = project(tmp_path, mail(mailbox.port, **LOGIN), secrets)
        publish(settings, [signal("a")])
        assert tell(settings, config, now) == Told(notices=1, messages=1)
    assert mailbox.was_encrypted == [True]


def test_a_wrong_password_is_said_without_saying_it(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(certificate=certificate, password="right") as mailbox:
        secrets = {"MAIL_USER": "trechter", "MAIL_PASSWORD": "wrong-secret"}
        settings, config = project(tmp_path, mail(mailbox.port, **LOGIN), secrets)
        publish(settings, [signal("a")])
        with pytest.raises(NotTold, match="refused the login; check MAIL_USER and MAIL_PASSWORD") as error:
            tell(settings, config, now)
    assert "wrong-secret" not in str(error.value)
    assert mailbox.got == []


def test_a_server_nobody_vouches_for_gets_no_mail(tmp_path: Path, certificate: Path) -> None:
    with mail_server(certificate=certificate) as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port), {})
        publish(settings, [signal("a")])
        with pytest.raises(NotTold, match="CERTIFICATE_VERIFY_FAILED"):
            tell(settings, config, now)
    assert mailbox.got == []


def test_a_server_without_tls_gets_no_mail(tmp_path: Path) -> None:
    with mail_server() as mailbox:
        settings, config = project(tmp_path, mail(mailbox.port, host="127.0.0.1"), {})
        publish(settings, [signal("a")])
        with pytest.raises(NotTold, match="STARTTLS"):
            tell(settings, config, now)
    assert mailbox.got == []


def test_only_this_machines_own_server_may_do_without() -> None:
    Smtp(host="localhost", security="none", sender="signals@noordlicht.example")
    with pytest.raises(ValidationError, match="starttls or tls"):
        Smtp(host="smtp.noordlicht.example", security="none", sender="signals@noordlicht.example")
