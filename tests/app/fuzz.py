"""Messages that nobody should send: JSON of any shape, near misses of real requests, any bytes."""

import json

from hypothesis import strategies as st

BIG = st.sampled_from([10**18, -(10**30), 10**400, 2**31, 2**63])
NUMBERS = st.integers(-5, 5000) | BIG | st.floats() | st.booleans()
TEXTS = st.text(max_size=8) | st.sampled_from(["\ud800", "\x00", "new-town", "a" * 50, "'''", '"""', "\x1b[2J"])
ANYTHING = st.recursive(
    st.none() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
TYPES = st.sampled_from(["fifteen_minute_patrol", "cameras", "smadit", "scene_closure", "target_list"]) | TEXTS
OPTIONS = st.sampled_from(["visits_per_day", "minutes", "hours", "coverage", "weekdays", "id", "closed"]) | TEXTS
WISH = st.fixed_dictionaries(
    {"type": TYPES, "day": st.integers(-1, 400) | ANYTHING},
    optional={
        "weeks": NUMBERS, "places": st.lists(st.integers(-1, 2000), max_size=3) | ANYTHING, "dose": NUMBERS,
        "resources": TEXTS, "options": st.dictionaries(OPTIONS, ANYTHING, max_size=2),
    },
)  # fmt: skip
PLAN = st.fixed_dictionaries(
    {"world": st.just("new-town") | TEXTS},
    optional={"seed": st.sampled_from([1, None]) | NUMBERS, **dict.fromkeys("ab", st.lists(WISH, max_size=2))},
)
VIEW = st.dictionaries(st.sampled_from(["view", "place", "frame", "tab", "lesson", "step", "x"]), ANYTHING, max_size=3)
REQUEST = st.one_of(
    st.fixed_dictionaries({"do": st.just("open"), "plan": PLAN}, optional={"minute": st.integers(-1, 1500) | ANYTHING}),
    st.fixed_dictionaries({"do": st.sampled_from(["card", "save"]), "place": NUMBERS}, optional={"pane": TEXTS}),
    st.fixed_dictionaries({"do": st.just("show"), "view": VIEW}),
    st.fixed_dictionaries({"do": st.just("play"), "on": st.booleans() | ANYTHING}, optional={"until": NUMBERS}),
    st.fixed_dictionaries({"do": st.just("speed"), "minutes": NUMBERS}),
    st.fixed_dictionaries({"do": st.just("seek"), "minute": st.integers(-1, 3000) | BIG}),
    st.dictionaries(TEXTS, ANYTHING, max_size=3),
)
TEXT = st.one_of(
    REQUEST.map(json.dumps),
    ANYTHING.map(json.dumps),
    st.text(max_size=60),
    st.integers(1, 60_000).map(lambda n: '{"do": "show", "view": ' + "[" * n),
    st.integers(1, 900).map(lambda n: '{"do": "show", "view": ' + "[" * n + "]" * n + "}"),
)
MESSAGE = TEXT | st.binary(max_size=60)
"""A text or some bytes."""
