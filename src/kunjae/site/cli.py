"""The `kunjae` program: a management command by its name with hyphens, errors as one sentence."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, SystemCheckError, handle_default_options
from django.db.utils import DatabaseError, InterfaceError

from kunjae.site import database, memory

# These work on the database as it is, or without one.
_TAKE_THE_DATABASE_AS_IT_IS = {
    "check",
    "collectstatic",
    "createcachetable",
    "diffsettings",
    "doctor",
    "makemigrations",
    "migrate",
    "reference",
    "showmigrations",
    "sqlmigrate",
}
# Django's own that an operator needs, listed with ours.
_DJANGO_COMMANDS_LISTED = {"migrate": "Bring the database to the state that this version needs."}

WRONG_USE, FAILED, INTERRUPTED = 2, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrongly used or not configured."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None and words[:1] == ["serve"]:
        memory.share_between_threads()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunjae.site.settings")
    try:
        return _run(words)
    except ImproperlyConfigured as fault:
        return _complain(str(fault), WRONG_USE)
    except SystemCheckError as fault:
        return _complain(str(fault), FAILED)
    except CommandError as fault:
        return _complain(str(fault), fault.returncode)
    except (DatabaseError, InterfaceError) as fault:
        return _complain(f"The database does not answer as it should: {_first_line(fault)}.", FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as fault:
        if fault.filename is None:
            raise
        return _complain(f"{fault.filename}: {fault.strerror}.", FAILED)


def _run(words: list[str]) -> int:
    if words and words[0] in {"--version", "version"}:
        print(f"kunjae {version('kunjae')}")
        return 0
    django.setup()
    if not words or words[0] in {"--help", "-h", "help"}:
        if len(words) > 1:
            return _run([words[1], "--help"])
        print(_overview())
        return 0 if words else WRONG_USE
    name = words[0].replace("-", "_")
    if name.startswith("_") or name not in get_commands():
        return _complain(f"There is no command {words[0]}; `kunjae --help` lists them.", WRONG_USE)
    command = _load(name)
    # Without this Django takes a mistake on the command line for one in its caller's code.
    command._called_from_command_line = True  # type: ignore[attr-defined]
    chosen = command.create_parser("kunjae", words[0]).parse_args(words[1:])
    handle_default_options(chosen)
    options = vars(chosen)
    if name not in _TAKE_THE_DATABASE_AS_IT_IS:
        database.make_ready()
    command.execute(*options.pop("args", ()), **options)
    return 0


def _load(name: str) -> BaseCommand:
    app = get_commands()[name]
    return app if isinstance(app, BaseCommand) else load_command_class(app, name)


def _overview() -> str:
    ours = {
        name: _load(name).help.strip().partition("\n")[0]
        for name, app in get_commands().items()
        if str(app).startswith("kunjae.")
    }
    listed = sorted({**ours, **_DJANGO_COMMANDS_LISTED}.items())
    width = max(len(name) for name, _help in listed)
    lines = [f"  {name.replace('_', '-'):{width}}  {text}" for name, text in listed]
    return "\n".join(
        ["usage: kunjae COMMAND [options]", "", *lines, "", "kunjae COMMAND --help tells more about one of them."]
    )


def _first_line(fault: Exception) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0].rstrip(".")


def _complain(sentence: str, code: int) -> int:
    with suppress(OSError):
        print(f"kunjae: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
