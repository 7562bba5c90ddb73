"""Lines of keys: what the locator knows, and that it answers with the nearest key above where it does not."""

from odssim.scenario.locate import Origin, key_lines, origin_of, split_key

TEXT = '''\
name = "a = b"        # not_a_key = 3
"quoted key" = 1
dotted.inner."x.y" = 2
text = """
inside = 4
"""

[parameters]
"belief.halflife_days" = 21
[parameters.need]
rate_month = 3

[[interventions]]
id = "first"
places = { rank = "tips", near = { place = "A" } }
[interventions.extra]
deep = 1
[[interventions]]
id = "second"
minutes = [
  12, 17,
]
'''


def test_lines():
    assert key_lines(TEXT) == {
        ("name",): 1,
        ("quoted key",): 2,
        ("dotted", "inner", "x.y"): 3,
        ("text",): 4,
        ("parameters",): 8,
        ("parameters", "belief.halflife_days"): 9,
        ("parameters", "need"): 10,
        ("parameters", "need", "rate_month"): 11,
        ("interventions",): 13,
        ("interventions", 0): 13,
        ("interventions", 0, "id"): 14,
        ("interventions", 0, "places"): 15,
        ("interventions", 0, "places", "rank"): 15,
        ("interventions", 0, "places", "near"): 15,
        ("interventions", 0, "places", "place"): 15,
        ("interventions", 0, "extra"): 16,
        ("interventions", 0, "extra", "deep"): 17,
        ("interventions", 1): 18,
        ("interventions", 1, "id"): 19,
        ("interventions", 1, "minutes"): 20,
    }


def test_the_nearest_key_above_answers_for_what_is_unknown():
    origins = {("a",): Origin("f", 1), ("a", "b"): Origin("f", 2)}
    assert origin_of(origins, ("a", "b", "c", 3)) == Origin("f", 2)
    assert origin_of(origins, ("a", "x")) == Origin("f", 1)
    assert origin_of(origins, ("x",)) is None


def test_split_key():
    assert split_key("""a . "b.c".'d'.e-f_1""") == ("a", "b.c", "d", "e-f_1")
