"""Run the examples of the README, the documentation and the docstrings as tests."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

_MARKDOWN = [PythonCodeBlockParser(), SkipParser()]

pytest_collect_file = SybilCollection(
    [
        Sybil(_MARKDOWN, filenames=["README.md"]),
        Sybil(_MARKDOWN, path="docs", pattern="*.md"),
        Sybil([DocTestParser()], path="src", pattern="*.py"),
    ]
).pytest()
