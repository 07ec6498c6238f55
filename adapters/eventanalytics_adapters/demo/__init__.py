"""A believable world of events, made up: the same options give the same bytes everywhere.

A product is launched on the first day. People sign up, come back ever less often, open the
application, look at items and sometimes buy one; docs/demo-data.md has the rates. The modules:

* ``calendar`` how busy each hour is;
* ``people`` who signs up when, who comes back, and what is known of a user;
* ``visits`` what happens in one session: the funnel;
* ``properties`` the JSON of the events;
* ``world`` all of it as a stream of deliveries, some late and some twice;
* ``formats`` the deliveries as lines of CSV or NDJSON.

Everything is drawn as integers from `random.Random` and computed with integers: no rounding and no
order of a set can differ between machines or versions of Python.
"""

from eventanalytics_adapters.demo.formats import FORMATS, lines
from eventanalytics_adapters.demo.world import (
    DEFAULT_DAYS,
    DEFAULT_LAST_DAY,
    MAX_DAYS,
    Delivery,
    World,
    deliveries,
)

__all__ = [
    "DEFAULT_DAYS",
    "DEFAULT_LAST_DAY",
    "FORMATS",
    "MAX_DAYS",
    "Delivery",
    "World",
    "deliveries",
    "lines",
]
