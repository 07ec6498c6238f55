"""The example of a .env file names every setting, with its default."""

import re
from pathlib import Path

import msgspec

from eventanalytics_adapters.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
# Read by the command line itself.
OF_THE_COMMANDS = {"EVENTANALYTICS_DATA_DIR", "EVENTANALYTICS_KEY"}
# Whoever takes the comment sign off these chooses a server, which the default is not.
CHOICES = {"DATABASE_URL", "POSTGRES_HOST"}


def named() -> dict[str, str]:
    return dict(re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))


def test_every_setting_is_named_and_no_other() -> None:
    known = {field.encode_name for field in msgspec.structs.fields(Settings)}
    assert named().keys() == known | OF_THE_COMMANDS


def test_the_values_are_the_defaults() -> None:
    given = {name: value for name, value in named().items() if name not in CHOICES}
    assert load_settings(given) == Settings()


def test_nothing_is_set_by_the_example_itself() -> None:
    lines = EXAMPLE.read_text().splitlines()
    assert all(not line or line.startswith("#") for line in lines)
