"""The pictures of docs/command-line.md are what the commands print.

After a change that is meant: ``EVENTANALYTICS_WRITE_DOCS=1 pytest tests/cli/test_query_docs.py``
writes them anew, to be looked at.
"""

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from eventanalytics_adapters.cli.querying.output import PRESENTATIONS

if TYPE_CHECKING:
    from tests.cli.conftest import Asked

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = "$ eventanalytics query "


def written_anew(page: str, shop: "Asked") -> str:
    """Return the page with what each command prints below it."""

    def block(found: re.Match[str]) -> str:
        commands = [line for line in found[1].splitlines() if line.startswith("$ ")]
        parts = [
            f"{command}\n{shop.picture(*shlex.split(command.removeprefix(COMMAND)))}"
            for command in commands
        ]
        return "```console\n" + "\n".join(parts) + "```"

    return BLOCK.sub(block, page)


def test_the_pictures_of_the_page_are_true(shop: "Asked") -> None:
    page = PAGE.read_text("utf-8")
    anew = written_anew(page, shop)
    if os.environ.get("EVENTANALYTICS_WRITE_DOCS"):  # noqa: TID251
        PAGE.write_text(anew, "utf-8")
    assert page == anew
    commands = re.findall(rf"^{re.escape(COMMAND)}(\w+)", page, re.MULTILINE)
    assert set(commands) == set(PRESENTATIONS)


def test_every_picture_fits_the_width_and_has_no_colour_codes(shop: "Asked") -> None:
    page = PAGE.read_text("utf-8")
    for line in re.findall(rf"^{re.escape(COMMAND)}(.*)", page, re.MULTILINE):
        for width in (80, 160):
            picture = shop.picture(*shlex.split(line), COLUMNS=str(width))
            assert "\x1b" not in picture
            assert max(map(len, picture.splitlines())) <= width


def test_the_columns_of_csv_are_those_of_the_page() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| ([\w, ]+) \| ", PAGE.read_text("utf-8"), re.MULTILINE))
    headers = {kind: ", ".join(one.header) for kind, one in PRESENTATIONS.items()}
    assert headers == {kind: columns for kind, columns in rows.items() if kind in headers}
