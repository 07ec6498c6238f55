"""Hypothesis strategies of JSON values that collide across types, and of properties made of them.

The alphabets are tiny on purpose: two values drawn from them are often equal, or nearly so.
"""

from typing import Any, Final

from hypothesis import strategies as st

from eventanalytics.domain.json_values import JSONValue, Properties, canonical_properties

NUMBERS: Final[tuple[float, ...]] = (
    *(0, 1, -1, 2, 10, 0.0, -0.0, 1.0, 1.5, -1.5, 0.1, 1e-7, 5e-324),
    *(2**53, 2**53 + 1, -(2**53) - 1, 2.0**53, 2.0**60, 2**60, 2**60 + 1),
    *(2**63 - 1, 2.0**63, -(2**63), 2**64 - 1, 2.0**64, 1e19, 1e23, 1e300, -1e300),
    1.7976931348623157e308,
)
"""Numbers that are equal in two notations, or that a store may round: from there to the limits."""

TEXTS: Final[tuple[str, ...]] = (
    *("", "a", "A", "ab", "b", "ba", "1", "1.0", "01", "true", "null", " ", " a", "a "),
    *("ä", "a\N{COMBINING DIAERESIS}", "ß", "SS", "Ω", "\N{GRINNING FACE}", "\N{BYTE ORDER MARK}"),
    *("%", "_", "a%", "a_", "\\", "\\%", "'", '"', "a.b", "{}", "[]", "$.a", "@", "*", "?", ":1"),
    *("%s", "%(a)s", "'; DROP TABLE event; --", "\n", "\t", "\x01", "\x7f", "\u2028", "\uffff"),
)
"""Texts that look like other types, like each other, or like the languages of stores."""

PROPERTY_KEYS: Final[tuple[str, ...]] = ("a", "b", "a.b", "$user_id", "$event_type", "")
"""Keys of properties: one reads as a path into another, two bear reserved names."""

PROPERTY_NAMES: Final[tuple[str, ...]] = (
    *("a", "b", "a.b", "b.a", "a.b.a", "a.", ".", "c", "0", "$user_id", "$event_type", "$other"),
    *("a'b", 'a"b', "a\\b", "%", "$.a"),
)
"""Names that a condition may ask for: keys, paths, reserved names, and some that no event has."""

numbers: st.SearchStrategy[float] = st.sampled_from(NUMBERS)
"""Numbers of every notation; equal ones come up often."""

texts: st.SearchStrategy[str] = st.sampled_from(TEXTS)
"""Texts of at most a few characters."""

scalars: st.SearchStrategy[JSONValue] = st.one_of(
    st.sampled_from((1, "1", True, None, "a", 1.0, False, "", 0, "true")), numbers, texts
)
"""JSON scalars, the most colliding ones most often."""

_keys: st.SearchStrategy[str] = st.sampled_from(PROPERTY_KEYS)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=2) | st.dictionaries(_keys, inner, max_size=2)


values: st.SearchStrategy[JSONValue] = st.recursive(scalars, _containers, max_leaves=4)
"""JSON values of every type, nested a few levels deep."""

raw_properties: st.SearchStrategy[Properties] = st.dictionaries(_keys, values, max_size=3)
"""Properties as a client may submit them, within every limit."""

properties: st.SearchStrategy[Properties] = raw_properties.map(canonical_properties)
"""Properties as an `Event` has them: in canonical form."""
