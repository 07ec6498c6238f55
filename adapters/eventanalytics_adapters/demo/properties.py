"""The JSON that each type of event has beside what is known of its user."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

_CATEGORIES = ("books", "garden", "kitchen", "music", "sport", "toys", "tools", "travel")
_QUERIES = ("lamp", "coffee", "tent", "книга", "Fahrrad", "gift for dad", "słuchawki", "tea", "x")
_METHODS = ("email", "google", "apple", "email")
_VERSIONS = ("4.2.0", "4.2.1", "4.1.7", "3.9.12")
_PAYMENTS = ("card", "card", "wallet", "invoice")
# Codes are numbers and texts, and one has none: a property of mixed types.
_ERRORS = ('"code":500', '"code":"E_TIMEOUT"', '"code":404', '"code":null')
ITEMS = 512


class PropertiesOf(Protocol):
    """Writes what events of one type have, beginning with a comma."""

    def __call__(self, chance: int, item: int, /) -> str:
        """Return the text, by a *chance* below 2**16 and the *item* that it is about."""
        ...


def cents(item: int) -> int:
    """Return the price of an item, in hundredths.

    >>> cents(0), cents(99)
    (199, 6436)
    """
    return 199 + item * item * 37 % 19_800 + item % 7 * 50


def money(amount: int) -> str:
    """Return an amount of hundredths as JSON has it, in its shortest form.

    >>> money(199), money(250), money(1200), money(5)
    ('1.99', '2.5', '12', '0.05')
    """
    whole, rest = divmod(amount, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{whole}"


def item_of(skew: int) -> int:
    """Return an item, popular ones more often; *skew* is below 2**16."""
    return ITEMS * skew * skew >> 32


_ITEMS = tuple(
    f',"item":{{"id":"SKU{item:04d}","category":"{_CATEGORIES[item % 8]}"}}'
    f',"price":{money(cents(item))}'
    for item in range(ITEMS)
)


def _app_open(chance: int, _item: int) -> str:
    return f',"app_version":"{_VERSIONS[chance & 3]}"'


def _sign_up(chance: int, _item: int) -> str:
    return f',"method":"{_METHODS[chance & 3]}"'


def _search(chance: int, _item: int) -> str:
    return f',"query":"{_QUERIES[chance % 9]}","results":{chance >> 8}'


def _view_item(_chance: int, item: int) -> str:
    return _ITEMS[item]


def _add_to_cart(chance: int, item: int) -> str:
    return f'{_ITEMS[item]},"quantity":{1 + (chance & chance >> 1 & 3)}'


def _order(chance: int, item: int, *, paid: bool) -> str:
    # What was put into the cart last, and a few small things.
    total = cents(item) + (chance >> 4 & 7) * 125
    # Half have no coupon, a quarter null, a quarter a text.
    coupon = ("", "", ',"coupon":null', ',"coupon":"SPRING"')[chance & 3]
    payment = f',"currency":"EUR","payment":"{_PAYMENTS[chance >> 2 & 3]}"' if paid else ""
    return f',"total":{money(total)},"tags":["{_CATEGORIES[item % 8]}"]{coupon}{payment}'


def _error(chance: int, _item: int) -> str:
    return f",{_ERRORS[chance & 3]}"


PROPERTIES: Mapping[str, PropertiesOf] = {
    "app_open": _app_open,
    "sign_up": _sign_up,
    "search": _search,
    "view_item": _view_item,
    "add_to_cart": _add_to_cart,
    "checkout": partial(_order, paid=False),
    "purchase": partial(_order, paid=True),
    "error": _error,
}
"""What writes the properties of each event type there is."""
