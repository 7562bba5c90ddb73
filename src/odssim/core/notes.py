"""What is to be said once, when a command ends, of what went wrong and did not stop it."""

from odssim.errors import OdssimError

_notes: dict[str, OdssimError] = {}


def note(kind: str, fault: OdssimError) -> None:
    """Keep a fault to be reported, the first of its kind."""
    _notes.setdefault(kind, fault)


def take_notes() -> list[OdssimError]:
    """Return what is to be said, each kind once, and forget it."""
    notes = list(_notes.values())
    _notes.clear()
    return notes
