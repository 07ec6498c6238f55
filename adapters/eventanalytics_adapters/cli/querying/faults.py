"""What is wrong with a question, said in the words it was asked in: the options."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from eventanalytics.errors import Fault

# The fields of bodies and parameters that are not simply called like their option.
_OPTIONS: Final = (
    (re.compile(r"(?:range\.)?from"), "--from"),
    (re.compile(r"(?:range\.)?to"), "--to"),
    (re.compile(r"range"), "--from, --to"),
    (re.compile(r"series\[\d+\]\.(measure|property)"), r"--\1"),
    (re.compile(r"series.*"), "--event"),
    (re.compile(r"steps.*"), "--step"),
    (re.compile(r"breakdown\.property"), "--breakdown"),
    (re.compile(r"breakdown\.limit"), "--limit"),
    (re.compile(r"breakdown\.step"), "--attribution-step"),
    (re.compile(r"breakdown\.(attribution)"), r"--\1"),
    (re.compile(r"(start|return|end)\.event"), r"--\1"),
    (re.compile(r"(window|gap)_seconds"), r"--\1"),
)
_CONDITION = re.compile(r"where\[(\d+)\]\.?(.*)")


def in_options(faults: Iterable[Fault], conditions: Sequence[str]) -> str:
    """Return a sentence about *faults*; *conditions* are the texts of ``--where``, in order."""
    return "; ".join(f"{_option(fault.path, conditions)}: {fault.message}" for fault in faults)


def in_file(faults: Iterable[Fault], file: str) -> str:
    """Return a sentence about *faults* of the question in *file*."""
    return f"--file {file}: " + "; ".join(fault.sentence for fault in faults)


def _option(path: str, conditions: Sequence[str]) -> str:
    if (found := _CONDITION.fullmatch(path)) and int(found[1]) < len(conditions):
        part = f": {found[2]}" if found[2] else ""
        return f"--where {conditions[int(found[1])]!r}{part}"
    for pattern, option in _OPTIONS:
        if match := pattern.fullmatch(path):
            return match.expand(option)
    return "--" + path.replace("_", "-")
