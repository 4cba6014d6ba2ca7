"""The settings that an operator sends in by the environment."""

import dataclasses
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from kunjae.site import environment
from kunjae.site.environment import Environment

PRODUCTION = {
    "KUNJAE_MODE": "production",
    "KUNJAE_DATABASE_URL": "postgresql://kunjae:p%40ss@db.example.go.th:5433/kunjae?pool=12&sslmode=verify-full",
    "KUNJAE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij",
    "KUNJAE_BASE_URL": "https://kunjae.example.go.th/",
    "KUNJAE_MAIL_URL": "smtp://sender:se%3Acret@mail.example.go.th",
    "KUNJAE_MAIL_FROM": "Kunjae <kunjae@example.go.th>",
}


def test_read_of_nothing_is_the_embedded_mode():
    chosen = environment.read({})

    assert chosen.mode == "embedded"
    assert chosen.base_url == "http://localhost:8000"
    assert chosen.data.is_absolute()
    assert environment.mail(chosen) == {}
    assert environment.database(chosen)["NAME"] == chosen.data / "kunjae.sqlite3"


def test_read_of_port_moves_the_address():
    assert environment.read({"PORT": "8123"}).base_url == "http://localhost:8123"


def test_read_of_production_without_anything_names_all_that_is_missing():
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read({"KUNJAE_MODE": "production"})

    sentence = str(refusal.value)
    assert sentence.count(".") == 1
    for name in PRODUCTION.keys() - {"KUNJAE_MODE"}:
        assert name in sentence


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"KUNJAE_MODE"}))
def test_read_of_production_without_one_names_it(name):
    with pytest.raises(ImproperlyConfigured, match=name):
        environment.read({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KUNJAE_MODE", "staging"),
        ("KUNJAE_SECRET_KEY", "short"),
        ("KUNJAE_BASE_URL", "http://keys.example.go.th"),
        ("KUNJAE_BASE_URL", "keys.example.go.th"),
        ("KUNJAE_DATABASE_URL", "sqlite:///kunjae.sqlite3"),
        ("PORT", "0"),
        ("PORT", "๘๐๐๐"),
        ("PORT", "99999"),
        ("KUNJAE_WORKERS", "many"),
        ("KUNJAE_LOG_LEVEL", "LOUD"),
    ],
)
def test_read_of_a_wrong_value_names_the_variable_and_not_the_value(name, value):
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        environment.read({**PRODUCTION, name: value})

    assert value not in str(refusal.value).split()


@pytest.mark.parametrize(
    ("words", "options"), [("", (True, 3)), ("?prepared=on", (True, 3)), ("?prepared=off", (False, None))]
)
def test_database_prepares_what_comes_often_unless_a_pooler_stands_between(words, options):
    url = "postgresql://kunjae:secret@db.example.go.th/kunjae" + words
    database = environment.database(environment.read(PRODUCTION | {"KUNJAE_DATABASE_URL": url}))

    assert (database["OPTIONS"]["server_side_binding"], database["OPTIONS"]["prepare_threshold"]) == options
    assert "prepared" not in database["OPTIONS"]
    # A pooler may refuse a connection that brings options of its own.
    assert database["OPTIONS"].get("options") == ("-c jit=off" if options[0] else None)
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is not options[0]


def test_options_that_the_operator_gives_the_connection_stand():
    url = "postgresql://kunjae:secret@db.example.go.th/kunjae?options=-c%20statement_timeout%3D60000"
    database = environment.database(environment.read(PRODUCTION | {"KUNJAE_DATABASE_URL": url}))

    assert database["OPTIONS"]["options"] == "-c statement_timeout=60000"


def test_database_that_is_to_be_prepared_otherwise_is_refused():
    url = "postgresql://kunjae:secret@db.example.go.th/kunjae?prepared=false"
    with pytest.raises(ImproperlyConfigured, match="prepared in KUNJAE_DATABASE_URL must be on or off"):
        environment.database(environment.read(PRODUCTION | {"KUNJAE_DATABASE_URL": url}))


def test_database_of_production_has_a_pool_and_its_options():
    database = environment.database(environment.read(PRODUCTION))

    assert database["PASSWORD"] == "p@ss"
    assert database["HOST"] == "db.example.go.th"
    assert database["PORT"] == "5433"
    assert database["OPTIONS"]["pool"]["max_size"] == 12
    assert database["OPTIONS"]["sslmode"] == "verify-full"


def test_database_takes_a_socket_folder_and_several_hosts():
    by_socket = environment.read({"KUNJAE_DATABASE_URL": "postgresql://postgres@/kunjae?host=/run/postgresql"})
    by_two = environment.read(
        {"KUNJAE_DATABASE_URL": "postgresql://u@/kunjae?host=one,two&target_session_attrs=read-write"}
    )

    assert environment.database(by_socket)["HOST"] == "/run/postgresql"
    assert environment.database(by_two)["HOST"] == "one,two"


@pytest.mark.parametrize("url", ["mysql://localhost/kunjae", "kunjae.sqlite3", "sqlite://"])
def test_database_of_another_kind_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="KUNJAE_DATABASE_URL"):
        environment.database(environment.read({"KUNJAE_DATABASE_URL": url}))


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example.go.th", 587, True, False),
        ("smtps://mail.example.go.th", 465, False, True),
        ("smtp+plain://mail.example.go.th:2525", 2525, False, False),
    ],
)
def test_mail_by_smtp(url, port, starttls, tls):
    settings = environment.mail(environment.read({"KUNJAE_MAIL_URL": url}))

    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (starttls, tls)


def test_mail_by_a_provider():
    url = "anymail+mailgun://:key@/?sender_domain=mg.example.go.th"

    settings = environment.mail(environment.read({"KUNJAE_MAIL_URL": url}))

    assert settings["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert settings["ANYMAIL"] == {"MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "mg.example.go.th"}


def test_mail_of_another_kind_is_refused():
    with pytest.raises(ImproperlyConfigured, match="KUNJAE_MAIL_URL"):
        environment.mail(environment.read({"KUNJAE_MAIL_URL": "mail.example.go.th"}))


def test_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    first = environment.embedded_secret_key(tmp_path / "data")
    second = environment.embedded_secret_key(tmp_path / "data")

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_no_secret_has_a_default():
    secrets = [field for field in dataclasses.fields(Environment) if field.metadata["secret"]]

    assert {field.name for field in secrets} >= {"secret_key", "database_url", "mail_url", "sms_token"}
    assert [field.name for field in secrets if field.metadata["default"] is not None] == []
