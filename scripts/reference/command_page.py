"""docs/reference/cli.md, from the command line as it is built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from rushes.cli.exit_codes import Exit
from rushes.cli.main import app
from scripts.reference.attribute_docs import attribute_docs
from scripts.reference.markdown import code, prose, table, whole_page

INTRODUCTION = """\
Data goes to standard output, everything else to standard error. With `--json` standard output is
one JSON document; `rushes studio --json` writes it as its first line. `rushes --version` prints
the version, and `--help` works everywhere.

Every command but `studio` reaches the studio that is open on the library, or opens the library
itself when none is. When another command has it open, it waits."""

EXIT_WORDS = {Exit.DONE: "Done.", Exit.FAILED: "Failed.", Exit.WRONG_USE: "Wrong use."}
"""What the names say already, as sentences."""


def page() -> str:
    commands = [part for name, one in command_table().items() for part in _command(name, one)]
    return whole_page("Commands", INTRODUCTION, *commands, "## Exit codes", _exits())


def command_table() -> dict[str, Any]:
    """Every command by its name."""
    group: Any = get_command(app)
    return dict(group.commands)


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    yield f"## rushes {name}"
    yield prose(command.help)
    words = [name, *(_argument(one) for one in arguments), "[options]"]
    yield f"```text\nrushes {' '.join(words)}\n```"
    yield table(("argument", "meaning"), [(code(_argument(one)), one.help) for one in arguments])
    yield table(
        ("option", "default", "meaning"),
        [(_names(one), _default(one), _meaning(one)) for one in options],
    )


def _argument(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return f"{name}…" if argument.nargs == -1 else name


def _names(option: Any) -> str:
    return ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))


def _default(option: Any) -> str:
    if option.envvar:
        return f"{code(option.envvar)}, then [the settings](settings.md)"
    if option.secondary_opts and option.default is not None:
        return code((option.opts if option.default else option.secondary_opts)[0])
    if option.is_flag or option.default in {None, ""}:
        return ""
    return code(option.default)


def _meaning(option: Any) -> str:
    help_ = option.help or ""
    if option.multiple and "several times" not in help_:
        return f"{help_} May be given several times."
    return str(help_)


def _exits() -> str:
    docs = attribute_docs(Exit)
    return table(
        ("code", "meaning"),
        [(code(int(exit_)), docs.get(exit_.name) or EXIT_WORDS[exit_]) for exit_ in Exit],
    )
