"""The rules of what is said about the make of events, behind `Insights`."""

from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eventanalytics.domain.schema import (
    EventTypesQuery,
    PropertiesQuery,
    ValuesQuery,
    seen_event_types,
    seen_properties,
    seen_values,
)
from eventanalytics.ports.events import EventStore
from eventanalytics.ports.insights.schema import SchemaInsights
from eventanalytics.testing.contracts.insights.worlds import AskedWorld, asked_worlds, project_of
from eventanalytics.testing.contracts.rules import SIGN_UP, NewProject, reference_of, rule
from eventanalytics.testing.json_strategies import PROPERTY_NAMES
from eventanalytics.testing.strategies import EVENT_TYPES, World, worlds
from eventanalytics.testing.trends_strategies import measured_logs

_event_types = st.none() | st.sampled_from((*EVENT_TYPES, "nothing"))
_limits = st.integers(1, 4) | st.just(1000)


def _properties_queries(_: World) -> st.SearchStrategy[PropertiesQuery]:
    return st.builds(PropertiesQuery, event_type=_event_types, limit=_limits)


_values_asked = worlds().flatmap(
    lambda world: st.builds(
        AskedWorld[ValuesQuery],
        st.builds(
            ValuesQuery,
            property=st.sampled_from(("b", "a", "$user_id", "$event_type", *PROPERTY_NAMES)),
            event_type=_event_types,
            limit=_limits,
        ),
        measured_logs(world),
        measured_logs(world, max_size=3),
    )
)


class SchemaContract:
    """The event types, properties and values of a project."""

    @rule
    @given(world=asked_worlds(lambda _: st.builds(EventTypesQuery, limit=_limits)))
    async def test_event_types_are_those_that_the_domain_sees(
        self,
        event_store: EventStore,
        insights: SchemaInsights,
        new_project: NewProject,
        world: AskedWorld[EventTypesQuery],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = seen_event_types(world.query, await reference_of(world.log))
        assert tuple(await insights.event_types(project, world.query)) == expected

    @rule
    @given(world=asked_worlds(_properties_queries))
    async def test_properties_are_those_that_the_domain_sees(
        self,
        event_store: EventStore,
        insights: SchemaInsights,
        new_project: NewProject,
        world: AskedWorld[PropertiesQuery],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = seen_properties(world.query, await reference_of(world.log))
        assert tuple(await insights.properties(project, world.query)) == expected

    @rule
    @given(world=_values_asked)
    async def test_values_are_those_that_the_domain_sees(
        self,
        event_store: EventStore,
        insights: SchemaInsights,
        new_project: NewProject,
        world: AskedWorld[ValuesQuery],
    ) -> None:
        project = await project_of(event_store, new_project, world.log, world.others)
        expected = seen_values(world.query, await reference_of(world.log))
        found = tuple(await insights.property_values(project, world.query))
        assert found == expected
        assert repr(found) == repr(expected)

    async def test_ties_are_in_the_order_of_code_points(
        self, event_store: EventStore, insights: SchemaInsights, new_project: NewProject
    ) -> None:
        names = ["a", "B", "ä", "_", "A b", "Z", "~", "ﬀ", "\N{GRINNING FACE}", "aa", "A", "1"]
        log = [
            msgspec.structs.replace(
                SIGN_UP, event_id=UUID(int=i), event_type=name, properties={name: name, "v": name}
            )
            for i, name in enumerate(names)
        ]
        project = await project_of(event_store, new_project, log, [])
        types = await insights.event_types(project, EventTypesQuery())
        assert [one.name for one in types] == sorted(names)
        properties = await insights.properties(project, PropertiesQuery())
        assert [one.name for one in properties] == ["v", *sorted(names)]
        values = await insights.property_values(project, ValuesQuery(property="v"))
        assert [one.value for one in values] == sorted(names)
