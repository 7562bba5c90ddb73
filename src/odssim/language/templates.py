"""Texts that lie as Jinja templates beside the modules that fill them in."""

import re
from html import escape
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined

from odssim.language import say

STYLE = "body{font:16px/1.5 serif;max-width:46em;margin:2em auto;padding:0 1em}h2{margin-top:1.6em}"


def rendered(package: str, name: str, /, *others: str, **values: object) -> str:
    """Return a template of a package with its values filled in; a name without a value is an error.

    `others`: further templates of the package that it includes.
    """
    loader = DictLoader({one: (files(package) / one).read_text(encoding="utf-8") for one in (name, *others)})
    room = Environment(
        loader=loader, autoescape=name.endswith(".html"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    room.globals["say"], room.filters["number"] = say, "{:g}".format
    return room.get_template(name).render(**values)


def as_plain_html(markdown: str) -> str:
    """Return a page of headings, paragraphs and lists of points as HTML without scripts."""
    title = escape(markdown.partition("\n")[0].removeprefix("# "))
    body = escape(re.sub(r"\n{2,}", "\n", markdown.rstrip("\n")))
    for start, tag in (("# ", "h1"), ("## ", "h2"), ("- ", "li"), ("(?!<)", "p")):
        body = re.sub(rf"(?m)^{start}(.+)$", rf"<{tag}>\1</{tag}>", body)
    body = re.sub(r"((?:<li>.*(?:\n|$))+)", lambda found: f"<ul>\n{found[1].rstrip()}\n</ul>\n", body).rstrip("\n")
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
    return f"{head}{body}\n</html>\n"
