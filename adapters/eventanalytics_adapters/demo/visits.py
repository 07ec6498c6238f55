"""What happens in one session: the funnel, and what is around it."""

from functools import cache

from eventanalytics_adapters.demo.people import User

STEPS = ("app_open", "view_item", "add_to_cart", "checkout", "purchase")
"""The funnel. Everybody is at the first step; a user never gets further than `User.reach`."""

# How many items are looked at, of 16 sessions in which any is.
_VIEWS = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8)
MAX_EVENTS = 15
"""So many events a session has at most."""


def visit(user: User, chance: int, *, is_first: bool) -> tuple[str, ...]:
    """Return the types of a session's events, in order; *chance* is below 2**32.

    A user's first session begins with the sign-up and goes as far as the user ever gets. In any
    later one the chances to go on are 7/8 to an item, 3/8 to the cart, 1/2 to the checkout and 3/4
    to the purchase, as far as the user gets.
    """
    reach = user.reach
    if not is_first:
        if chance & 7 == 0:
            reach = 1
        elif chance >> 3 & 7 > 2:
            reach = min(reach, 2)
        elif chance >> 6 & 1:
            reach = min(reach, 3)
        elif chance >> 7 & 3 == 0:
            reach = min(reach, 4)
    views = _VIEWS[chance >> 9 & 15] if reach > 1 else 0
    # A third searches, one in 64 meets an error.
    return _script(is_first, (chance >> 13 & 255) < 85, views, reach, (chance >> 21 & 63) == 0)


@cache
def _script(is_first: bool, searches: bool, views: int, reach: int, fails: bool) -> tuple[str, ...]:  # noqa: FBT001
    return (
        STEPS[0],
        *(("sign_up",) if is_first else ()),
        *(("search",) if searches else ()),
        *((STEPS[1],) * views),
        *STEPS[2:reach],
        *(("error",) if fails else ()),
    )
