"""``python -m odssim`` and the console script: one line and exit code 2 for every fault of the user's."""

import sys
from contextvars import copy_context

from odssim.cli.app import app
from odssim.cli.spoken_help import in_language
from odssim.cli.usage import UsageError, fault_of
from odssim.cli.writing import one_command
from odssim.core.notes import take_notes
from odssim.core.reading import OBEYED
from odssim.errors import OdssimError, ScenarioError, Sentence
from odssim.language import checked_language, say, speak

FAULT_EXIT = 2


def main() -> None:
    """Run the command line; exit codes are 0, 1 (a bug), 2 (bad input) and 130 (interrupted)."""
    copy_context().run(_main)  # the language of one command is not that of the next in the same process


def _main() -> None:
    take_notes()  # of another call in this process
    try:
        speak(checked_language())
        _check_arguments(sys.argv[1:])
        with one_command():
            raise SystemExit(_run() or 0)
    except OdssimError as error:
        print(error.said(say), file=sys.stderr)
        raise SystemExit(FAULT_EXIT) from None
    except OSError as error:  # of what is read and written outside results: temporary files, standard output
        fault = OdssimError(
            "{file}: cannot be read or written ({reason})",
            file=error.filename or Sentence("standard output"),
            reason=error.strerror or error,
        )
        print(fault.said(say), file=sys.stderr)
        raise SystemExit(FAULT_EXIT) from None
    finally:
        for note in take_notes():
            print(note.said(say), file=sys.stderr)


def _run() -> int | None:
    try:
        code: int | None = in_language(app)(standalone_mode=False)
        return code
    except UsageError as error:
        if fault := fault_of(error):
            raise fault from None
        return FAULT_EXIT


def _check_arguments(given: list[str]) -> None:
    """Refuse words with signs that a terminal would obey, or that no file system and no text can hold."""
    for word in given:
        if found := OBEYED.search(word):
            raise ScenarioError("holds a control sign (U+{sign:04X})", key="argument", value=word, sign=ord(found[0]))


if __name__ == "__main__":
    main()
