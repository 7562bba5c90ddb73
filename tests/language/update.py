"""Bring the catalogues up to date with the code: `python tests/language/update.py`, then translate, then again.

New texts come in untranslated, texts that are gone leave, what the program reads is compiled; a new language
begins with every text. It prints how many texts are still to be translated and which; so does the test beside it.
"""

from __future__ import annotations

import sys

from babel.messages.catalog import Catalog
from strings import LANGUAGES, TEMPLATE, compile_to, extracted, path_of, stored, untranslated, write


def main() -> None:
    """Write template and catalogues."""
    texts = extracted()
    write(texts, TEMPLATE)
    for language in LANGUAGES:
        path = path_of(language)
        catalogue = stored(path) if path.exists() else Catalog(language, domain="odssim", fuzzy=False)
        catalogue.update(texts, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        write(catalogue, path)
        compile_to(catalogue, path.with_suffix(".mo"))
        missing = untranslated(catalogue)
        if missing:
            print(
                f"{len(missing)} texts without {catalogue.locale.english_name}, to be written into {path}:", file=sys.stderr
            )
        for text in missing:
            print(f"{language}: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
