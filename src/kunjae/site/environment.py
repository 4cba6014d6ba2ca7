"""Every variable that Kunjae reads from its environment: one typed place, read once."""

import dataclasses
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EMBEDDED = "embedded"
PRODUCTION = "production"

_REQUIRED = object()


def variable(
    meaning: str,
    *,
    parse: Callable[[str], Any] = str,
    default: Any = None,
    production_default: Any = _REQUIRED,
    secret: bool = False,
) -> Any:
    """Describe one variable; without a `production_default`, the default serves both modes."""
    return dataclasses.field(
        metadata={
            "meaning": meaning,
            "parse": parse,
            "default": default,
            "production_default": default if production_default is _REQUIRED else production_default,
            "secret": secret,
        }
    )


def _mode(text: str) -> str:
    if text not in {EMBEDDED, PRODUCTION}:
        raise ValueError("must be embedded or production")
    return text


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 65535):
        raise ValueError("must be a whole number from 1 to 65535")
    return int(text)


def _log_level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _list(text: str) -> tuple[str, ...]:
    return tuple(item for item in (part.strip() for part in text.split(",")) if item)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://kunjae.example.go.th")
    return text.rstrip("/")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _second_factors(text: str) -> str:
    if text not in {"required", "off"}:
        raise ValueError("must be required or off")
    return text


_MUST_BE_SET = object()


@dataclass(frozen=True)
class Environment:
    """
    What the operator decided, typed. The name of a variable is `KUNJAE_` and the field's name.

    `port` is read from `PORT`, as process managers set it.
    """

    mode: str = variable("embedded (demo, one machine) or production", parse=_mode, default=EMBEDDED)
    data: Path = variable("folder of uploads, keys and the embedded database", parse=_path, default="var")
    database_url: str | None = variable(
        "sqlite:///file or postgresql://user:password@host:5432/name?pool=8, with &prepared=off behind a pooler that gives "
        "each transaction another connection; default: SQLite in the data folder",
        production_default=_MUST_BE_SET,
        secret=True,
    )
    secret_key: str | None = variable(
        "at least 50 random characters; embedded makes its own in the data folder",
        production_default=_MUST_BE_SET,
        secret=True,
    )
    base_url: str | None = variable(
        "the address that people type, without a path; default: http://localhost:PORT",
        parse=_web_address,
        production_default=_MUST_BE_SET,
    )
    allowed_hosts: tuple[str, ...] = variable(
        "host names served, with commas between; default: the host of the base URL", parse=_list, default=""
    )
    trusted_proxies: tuple[str, ...] = variable(
        "addresses or networks whose X-Forwarded-For and -Proto are believed, with commas between",
        parse=_list,
        default="",
    )
    mail_url: str | None = variable(
        "smtp://user:password@host:587 (STARTTLS), smtps://…:465, smtp+plain://… (no TLS), "
        "or anymail+provider://:key@/?sender_domain=…; embedded without it keeps mail in the demo's mailbox",
        production_default=_MUST_BE_SET,
        secret=True,
    )
    mail_from: str = variable(
        "the sender of mail", default="Kunjae <kunjae@localhost>", production_default=_MUST_BE_SET
    )
    sms_url: str | None = variable(
        "the HTTPS address of the SMS gateway; without it the second code goes by printed slip", parse=_web_address
    )
    sms_token: str | None = variable("the bearer token of the SMS gateway", secret=True)
    sms_sender: str = variable("the sender's name shown on an SMS", default="Kunjae")
    help_phone: str = variable("the telephone number shown on every page that refuses", default="")
    password_hashes_parallel: int = variable(
        "how many passwords one process hashes at a time (each takes 19 MiB)", parse=_whole_number, default="2"
    )
    second_factors: str = variable(
        "required (of heads, acting heads and desks; production knows no other) or off",
        parse=_second_factors,
        default="required",
    )
    workers: int = variable("server processes", parse=_whole_number, default="1", production_default="2")
    threads: int = variable("threads in each server process", parse=_whole_number, default="4")
    host: str = variable("the address that the server listens on", default="127.0.0.1")
    port: int = variable("the port that the server listens on", parse=_whole_number, default="8000")
    log_level: str = variable(
        "DEBUG (embedded: faults with their values), INFO, WARNING or ERROR", parse=_log_level, default="INFO"
    )
    register: Path | None = variable("a national register (CSV) for the demo to load whole", parse=_path)
    breached_passwords: Path | None = variable("a Bloom filter of breached passwords", parse=_path)

    @property
    def is_production(self) -> bool:
        return self.mode == PRODUCTION


def variable_name(field: "dataclasses.Field[Any]") -> str:
    """Return the name under which a field is read."""
    return "PORT" if field.name == "port" else f"KUNJAE_{field.name.upper()}"


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """
    Read and check every variable.

    :raises ImproperlyConfigured: in one sentence, naming all that is missing, or the first that is wrong
    """
    mode = _parsed("KUNJAE_MODE", _mode, source.get("KUNJAE_MODE", "").strip() or EMBEDDED)
    fallback = "production_default" if mode == PRODUCTION else "default"
    values: dict[str, Any] = {}
    missing: list[str] = []
    for field in dataclasses.fields(Environment):
        name = variable_name(field)
        text = source.get(name, "").strip() or field.metadata[fallback]
        if text is _MUST_BE_SET:
            missing.append(name)
        else:
            values[field.name] = None if text is None else _parsed(name, field.metadata["parse"], text)
    if missing:
        raise ImproperlyConfigured(f"Kunjae cannot start in production: set {', '.join(missing)}.")
    environment = Environment(**values)
    if environment.base_url is None:
        environment = dataclasses.replace(environment, base_url=f"http://localhost:{environment.port}")
    if environment.is_production:
        _refuse_what_production_forbids(environment)
    return environment


def _parsed(name: str, parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError as fault:
        # The value itself is not repeated: it may be a secret.
        raise ImproperlyConfigured(f"{name} {fault}.") from None


DIFFERENT_CHARACTERS_MIN = 16
"""A random key of 50 characters has far more; one typed by a tired hand has not."""


def _refuse_what_production_forbids(environment: Environment) -> None:
    if len(environment.secret_key or "") < 50 or len(set(environment.secret_key or "")) < DIFFERENT_CHARACTERS_MIN:
        raise ImproperlyConfigured("KUNJAE_SECRET_KEY must have at least 50 random characters in production.")
    if urlsplit(environment.base_url or "").scheme != "https":
        raise ImproperlyConfigured("KUNJAE_BASE_URL must begin with https:// in production.")
    if environment.sms_url and urlsplit(environment.sms_url).scheme != "https":
        raise ImproperlyConfigured("KUNJAE_SMS_URL must begin with https:// in production: codes travel on it.")
    if environment.second_factors != "required":
        raise ImproperlyConfigured("KUNJAE_SECOND_FACTORS must be required in production.")
    if "*" in environment.trusted_proxies:
        raise ImproperlyConfigured(
            "KUNJAE_TRUSTED_PROXIES must name the proxies; with * anybody may claim any address."
        )
    if not is_postgresql(environment.database_url):
        raise ImproperlyConfigured("KUNJAE_DATABASE_URL must begin with postgresql:// in production.")


def is_postgresql(url: str | None) -> bool:
    """Test if a database address names PostgreSQL."""
    return urlsplit(url or "").scheme in {"postgresql", "postgres"}


def database(environment: Environment) -> dict[str, Any]:
    """
    Build Django's description of the database.

    :raises ImproperlyConfigured: if the address is neither SQLite nor PostgreSQL
    """
    url = environment.database_url
    if url is None:
        return _sqlite(environment.data / "kunjae.sqlite3")
    parts = urlsplit(url)
    if is_postgresql(url):
        return _postgresql(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        # As elsewhere: three slashes for a path from here, four for one from the root.
        return _sqlite(Path(unquote(parts.path[1:])).absolute())
    raise ImproperlyConfigured("KUNJAE_DATABASE_URL must begin with postgresql:// or be sqlite:///file.")


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            # Writers queue at BEGIN: two deciders at once are served one after the other.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was answered as done survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


PREPARED_FROM = 3
"""So often a statement comes before PostgreSQL keeps its plan."""


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    pool_size_max = _parsed("pool in KUNJAE_DATABASE_URL", _whole_number, options.pop("pool", "8"))
    # A connection per request cost four fifths of the throughput (docs/decisions).
    options["pool"] = {"min_size": 1, "max_size": pool_size_max, "timeout": 10}
    # PostgreSQL plans a statement that comes often once, where its values are sent beside it (docs/decisions/0012). A
    # pooler that gives each transaction another connection may not know what the one before has prepared.
    prepares = _parsed("prepared in KUNJAE_DATABASE_URL", _on_or_off, options.pop("prepared", "on"))
    options |= {"server_side_binding": prepares, "prepare_threshold": PREPARED_FROM if prepares else None}
    if prepares and "options" not in options:  # which a pooler may refuse
        # To compile a question for the processor takes longer than any page's question itself.
        options["options"] = "-c jit=off"
    return {
        "ENGINE": "kunjae.site.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        # A cursor that outlives its transaction would be looked for on another connection there.
        "DISABLE_SERVER_SIDE_CURSORS": not prepares,
    }


def mail(environment: Environment) -> dict[str, Any]:
    """
    Build Django's mail settings; empty while mail stays in the demo's mailbox.

    :raises ImproperlyConfigured: if the address has another scheme than those documented
    """
    url = environment.mail_url
    if url is None:
        return {}
    parts = urlsplit(url)
    if parts.scheme.startswith("anymail+"):
        provider = parts.scheme.removeprefix("anymail+")
        extras = {f"{provider}_{key}".upper(): value for key, value in parse_qsl(parts.query)}
        return {
            "EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend",
            "ANYMAIL": {f"{provider.upper()}_API_KEY": unquote(parts.password or ""), **extras},
        }
    if parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname:
        raise ImproperlyConfigured("KUNJAE_MAIL_URL must begin with smtp://, smtps://, smtp+plain:// or anymail+.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 587, "smtps": 465, "smtp+plain": 25}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def embedded_secret_key(data: Path) -> str:
    """Return the key of this data folder; make one, readable by its owner alone, if there is none."""
    file = data / "secret-key"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64))
    return file.read_text(encoding="ascii").strip()
