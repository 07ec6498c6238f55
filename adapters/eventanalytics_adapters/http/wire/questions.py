"""What the bodies of all questions have in common: range, calendar, conditions, selectors, groups.

A question goes out with its answer in the very shape in which it comes in: sent again as it was
understood, it asks the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta

from eventanalytics.domain.breakdowns import MAX_GROUPS, Breakdown, Group, GroupKind
from eventanalytics.domain.filters import MAX_CONDITIONS, Condition, Operator
from eventanalytics.domain.selection import EventSelector, QueryRange, Question
from eventanalytics.domain.time import DateRange, WeekStart

MOMENT = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}


class RangeBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whole local days, both included; or instants, of which the second does not belong."""

    since: Annotated[
        str,
        Meta(
            description="A day or an instant (without an offset it is UTC).",
            extra_json_schema=MOMENT,
        ),
    ] = msgspec.field(name="from")
    until: Annotated[
        str, Meta(description="A day if `from` is one, else an instant.", extra_json_schema=MOMENT)
    ] = msgspec.field(name="to")

    @classmethod
    def of(cls, wanted: QueryRange) -> "RangeBody":
        """Return *wanted* as it is sent."""
        if isinstance(wanted, DateRange):
            return cls(wanted.first.isoformat(), wanted.last.isoformat())
        return cls(_instant(wanted.since), _instant(wanted.until))


class ConditionBody(msgspec.Struct, forbid_unknown_fields=True):
    """One condition on one property of an event."""

    property: Annotated[
        str,
        Meta(
            description="A key of `properties`, a path `a.b`, `$user_id` or `$event_type`.",
            extra_json_schema={"minLength": 1},
        ),
    ]
    op: Operator
    value: Annotated[
        Any,
        Meta(
            description=(
                "A list for `in` and `not_in`, a text for the operators on texts, a number for "
                "those on numbers, nothing for `is_set` and `is_not_set`, else one scalar."
            )
        ),
    ] = UNSET

    @classmethod
    def of(cls, condition: Condition) -> "ConditionBody":
        """Return *condition* as it is sent."""
        takes_none = condition.op.positive is Operator.IS_SET
        return cls(condition.property, condition.op, UNSET if takes_none else condition.value)


Where = Annotated[
    list[ConditionBody],
    Meta(
        description="All of them must hold.",
        extra_json_schema={"maxItems": MAX_CONDITIONS},
    ),
]


class SelectorBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which events are meant: a type (null means any) with conditions."""

    event: str | None = None
    where: Where = msgspec.field(default_factory=list[ConditionBody])

    @classmethod
    def of(cls, selector: EventSelector) -> "SelectorBody":
        """Return *selector* as it is sent."""
        return cls(event=selector.event, where=where_of(selector.where))


class BreakdownBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The property to break the answer down by, and how many groups stay; the rest is `other`."""

    property: Annotated[str, Meta(extra_json_schema={"minLength": 1})]
    limit: Annotated[int, Meta(extra_json_schema={"minimum": 1, "maximum": MAX_GROUPS})] = 25

    @classmethod
    def of(cls, breakdown: Breakdown) -> "BreakdownBody":
        """Return *breakdown* as it is sent."""
        return cls(property=breakdown.property, limit=breakdown.limit)


class GroupBody(msgspec.Struct, forbid_unknown_fields=True):
    """A group of a breakdown; `value` is that of the kind `value`, else null."""

    kind: GroupKind
    value: Annotated[
        Any, Meta(extra_json_schema={"type": ["string", "number", "boolean", "null"]})
    ] = None

    @classmethod
    def of(cls, group: Group) -> "GroupBody":
        """Return *group* as it is sent."""
        return cls(group.kind, group.value)


class QuestionBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every question has."""

    range: RangeBody
    timezone: Annotated[
        str, Meta(description="The zone that days are cut in: an IANA name.", examples=["UTC"])
    ] = "UTC"
    week_start: WeekStart = WeekStart.MONDAY
    where: Annotated[
        list[ConditionBody],
        Meta(
            description="What does not fulfil all of them does not exist for the question.",
            extra_json_schema={"maxItems": MAX_CONDITIONS},
        ),
    ] = msgspec.field(default_factory=list[ConditionBody])


def where_of(where: Sequence[Condition]) -> list[ConditionBody]:
    """Return conditions as they are sent."""
    return [ConditionBody.of(condition) for condition in where]


def common_of(question: Question) -> dict[str, Any]:
    """Return the members of a `QuestionBody` that ask the common part of *question*."""
    return {
        "range": RangeBody.of(question.range),
        "timezone": question.calendar.timezone,
        "week_start": question.calendar.week_start,
        "where": where_of(question.where),
    }


def _instant(instant: datetime) -> str:
    return str(msgspec.to_builtins(instant))
