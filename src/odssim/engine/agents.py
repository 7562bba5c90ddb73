"""Sets of agents as Mesa sees them: whole columns at once, views only when somebody is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from mesa import Agent
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from odssim.core.types import Array
from odssim.engine.views import Row

if TYPE_CHECKING:
    from odssim.engine.model import OpenDrugSceneModel


class LazyAgents(AbstractAgentSet):  # type: ignore[misc]
    """A set of agents that makes its views when they are iterated over.

    What sorts, filters or acts hands over to Mesa's own `AgentSet`.
    """

    random: Any

    def __repr__(self) -> str:
        """Return their number in angle brackets."""
        return f"<odssim: {len(self)} agents>"

    @classmethod
    def _from_iterable(cls, agents: Iterable[Agent]) -> AgentSet:
        return AgentSet(agents)

    def to_list(self) -> list[Agent]:
        """Return all agents in order."""
        return list(self)

    def copy(self) -> AgentSet:
        """Return an ordinary agent set of the same agents."""
        return AgentSet(self, random=self.random)

    __copy__ = copy

    def select(
        self, filter_func: Callable[[Any], bool] | None = None, at_most: float = float("inf"),
        inplace: bool = False, agent_type: type[Agent] | None = None,
    ) -> AgentSet:  # fmt: skip
        """Return the agents for which `filter_func` holds, see `mesa.agentset`."""
        self._refuse(inplace)
        return self.copy().select(filter_func, at_most, agent_type=agent_type)

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """Return the agents in random order."""
        self._refuse(inplace)
        return self.copy().shuffle()

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """Return the agents sorted by an attribute or a function."""
        self._refuse(inplace)
        return self.copy().sort(key, ascending)

    def groupby(self, by: Any, result_type: Any = "agentset") -> GroupBy:
        """Return the agents in groups."""
        return self.copy().groupby(by, result_type)

    def do(self, method: Any, *args: Any, **kwargs: Any) -> LazyAgents:
        """Call a method of each agent, or a function with each."""
        self.copy().do(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: Any, *args: Any, **kwargs: Any) -> LazyAgents:
        """Do it in random order."""
        self.copy().shuffle_do(method, *args, **kwargs)
        return self

    def map(self, method: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Return what `do` would make each agent return."""
        results: list[Any] = self.copy().map(method, *args, **kwargs)
        return results

    def _refuse(self, inplace: bool = True) -> None:
        if inplace:
            raise TypeError("the engine's agents cannot be added, removed or reordered; use copy()")

    def _update(self, agents: Iterable[Agent]) -> LazyAgents:
        self._refuse()
        return self

    def add(self, agent: Agent) -> None:
        """Refuse."""
        self._refuse()

    def discard(self, agent: Agent) -> None:
        """Refuse."""
        self._refuse()

    def remove(self, agent: Agent) -> None:
        """Refuse."""
        self._refuse()


class Rows(LazyAgents):
    """All agents of one kind, in the order of their rows; vacant rows too, see the status column."""

    def __init__(self, model: OpenDrugSceneModel, kind: type[Row]) -> None:
        """Make no view yet."""
        self.model, self.kind, self.random = model, kind, model.random
        self._made: dict[int, Row] = {}

    @property
    def table(self) -> Array:
        """The engine's table."""
        table: Array = getattr(self.model.state, self.kind.TABLE)
        return table

    def view(self, row: int) -> Row:
        """Return the view of one row, the same one each time."""
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = self.kind(self.model, row)
        return made

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.table)

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the views."""
        return map(self.view, range(len(self)))

    def __contains__(self, agent: object) -> bool:
        """Tell whether this is one of the views."""
        return isinstance(agent, self.kind) and self._made.get(agent.row) is agent

    def get(self, attr_names: Any, handle_missing: Any = "error", default_value: Any = None) -> list[Any]:
        """Return one attribute of all agents, or a list of them; columns are read without any view."""
        names = [attr_names] if isinstance(attr_names, str) else list(attr_names)
        if not set(names) <= set(self.kind.COLUMN):
            values: list[Any] = self.copy().get(attr_names, handle_missing, default_value)
            return values
        columns = [self._read(name) for name in names]
        if isinstance(attr_names, str):
            return columns[0]
        return [list(row) for row in zip(*columns, strict=True)]

    def _read(self, name: str) -> list[Any]:
        values: list[Any] = self.table[name].tolist()
        return [tuple(vector) for vector in values] if self.kind.COLUMN[name].shape else values

    def set(self, attr_name: str, value: Any) -> Rows:
        """Give a column one value for all agents."""
        if attr_name not in self.kind.WRITABLE:
            raise AttributeError(f"{attr_name!r} of {self.kind.__name__} cannot be set")
        self.table[attr_name][:] = value
        return self


class Everyone(LazyAgents):
    """Several sets of agents, one after the other."""

    def __init__(self, parts: Iterable[AbstractAgentSet], random: Any) -> None:
        """Hold the sets."""
        self.parts, self.random = list(parts), random

    def __len__(self) -> int:
        """Return the number of agents."""
        return sum(len(part) for part in self.parts)

    def __iter__(self) -> Iterator[Agent]:
        """Iterate over the agents."""
        return chain.from_iterable(self.parts)

    def __contains__(self, agent: object) -> bool:
        """Tell whether one of the sets has it."""
        return any(agent in part for part in self.parts)

    def get(self, attr_names: Any, handle_missing: Any = "error", default_value: Any = None) -> list[Any]:
        """Return one attribute of all agents, or a list of them."""
        read = [part.get(attr_names, handle_missing, default_value) for part in self.parts]
        return list(chain.from_iterable(read))
