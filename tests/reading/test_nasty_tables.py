"""The same nasty contents through every reader: read as they stand, or refused with file and line; never otherwise."""

from __future__ import annotations

import re
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from odssim.core.tables import read_table
from odssim.errors import OdssimError, ScenarioError
from reading.readers import READERS, Reader, as_csv, write

GOOD = [("Väst", 120), ("Öst", 364)]
EVERY = pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
AS_TEXT = {
    "as it is": lambda text: text,
    "byte order mark": lambda text: "\ufeff" + text,
    "decomposed": lambda text: normalize("NFD", text),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r"),
    "empty rows": lambda text: "\n" + text.replace("\n", "\n" + "," * text.split("\n")[0].count(",") + "\n\n", 1) + "\n\n",
    "spaces": lambda text: text.replace(",", " , "),
    "quotes": lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.split("\n") if line),
    "no end of line": lambda text: text.rstrip("\n"),
    "empty columns": lambda text: text.replace("\n", ",,\n"),
    "letters of the header": lambda text: text.replace(text.split(",")[0], text.split(",")[0].upper(), 1)
    if not text.startswith("id") else text,
}  # fmt: skip


@EVERY
@pytest.mark.parametrize("change", AS_TEXT.values(), ids=list(AS_TEXT))
def test_what_is_only_written_in_another_way_reads_the_same(reader: Reader, change, tmp_path):
    assert reader.read(write(tmp_path, change(as_csv(reader.cells(*GOOD))))) == GOOD


@EVERY
@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(reader: Reader, separator, tmp_path):
    assert reader.read(write(tmp_path, as_csv(reader.cells(*GOOD), separator))) == GOOD


@EVERY
@pytest.mark.parametrize("text", ["364.0", "364,0", "+364", " 364", "3.64e2", 364.0, "364.", "0364"])
def test_one_number_however_it_is_written(reader: Reader, text, tmp_path):
    cells = reader.cells(("Öst", text))
    assert reader.read(write(tmp_path, cells)) == [("Öst", 364)]
    assert reader.read(write(tmp_path, as_csv(cells))) == [("Öst", 364)]


@EVERY
@pytest.mark.parametrize("text", ["1 000", "1\u00a0000", "1\u202f000", "1'000"])
def test_spaces_between_thousands_are_no_riddle(reader: Reader, text, tmp_path):
    assert reader.read(write(tmp_path, as_csv(reader.cells(("Öst", text)), ";"))) == [("Öst", 1000)]


@EVERY
@pytest.mark.parametrize("text", ["1.000", "2,000", "12.345"])
def test_three_digits_behind_one_mark_are_a_riddle(reader: Reader, text, tmp_path):
    """Unless the declared range knows the answer: 12,345 days are too many."""
    with pytest.raises(OdssimError, match=r"table\.csv:2.*(ambiguous|must be a whole number)"):
        reader.read(write(tmp_path, as_csv(reader.cells(("Öst", text)), ";")))


def test_a_column_that_shows_its_decimal_mark_is_no_riddle(tmp_path):
    cells = [("name", "value"), ("a", "1.250"), ("b", "10.5"), ("c", "0.125")]
    assert [row.number("value") for row in read_table(write(tmp_path, as_csv(cells))).rows] == [1.25, 10.5, 0.125]
    cells = [("name", "value"), ("a", "1.250"), ("b", "1.234.567"), ("c", "2,5")]
    assert [row.number("value") for row in read_table(write(tmp_path, as_csv(cells, ";"))).rows] == [1250, 1234567, 2.5]


@EVERY
@pytest.mark.parametrize(
    "text", ["nan", "inf", "NA", "None", "#N/A", "1_000", "1e999", "٣", "9" * 400, "5 %", "--5", "12 34"]
)
def test_what_is_no_number_is_refused(reader: Reader, text, tmp_path):
    for content in (reader.cells(("Väst", 120), ("Öst", text)), as_csv(reader.cells(("Väst", 120), ("Öst", text)))):
        with pytest.raises(OdssimError, match=r"table\.(csv|xlsx):3: .*(must be a number|the error)"):
            reader.read(write(tmp_path, content))


@EVERY
@pytest.mark.parametrize("name", ["NA", "None", "null", "nan", "01", "1", "007", "1e5", "TRUE", "2026-01"])
def test_a_name_is_text_as_written(reader: Reader, name, tmp_path):
    for content in (reader.cells((name, 120)), as_csv(reader.cells((name, 120)))):
        assert reader.read(write(tmp_path, content)) == [(name, 120)]


@EVERY
def test_names_that_a_workbook_holds_as_numbers(reader: Reader, tmp_path):
    assert reader.read(write(tmp_path, reader.cells((7, 120), (8.0, 121)))) == [("7", 120), ("8", 121)]


@EVERY
def test_a_cell_that_holds_something_without_a_value_is_refused(reader: Reader, tmp_path):
    for cell, words in (("=1+1", "formula without a stored value"), ("#N/A", "the error #N/A")):
        with pytest.raises(OdssimError, match=rf"table\.xlsx:3: a cell holds .*{words}"):
            reader.read(write(tmp_path, reader.cells(("Väst", 120), ("Öst", cell))))


@EVERY
def test_a_false_note_of_the_sheets_size_hides_no_rows(reader: Reader, tmp_path):
    file = write(tmp_path, reader.cells(*GOOD))
    with ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts[sheet])
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert reader.read(file) == GOOD


def damaged(reader: Reader) -> dict[str, tuple[str | bytes, str]]:
    """Contents that every reader refuses, and the words for it."""
    text, n = as_csv(reader.cells(*GOOD)), len(reader.header)
    header, *rows = text.split("\n")
    return {
        "nothing": ("", "is empty"),
        "only empty rows": ("\n" + "," * (n - 1) + "\n", "is empty"),
        "a header alone": (header, "has a header but no rows"),
        "two columns of one name": (f"{header},{reader.header[0]}\n{rows[0]},x\n", "two columns have the name"),
        "a value in a column without a name": (header + ",\n" + rows[0] + ",x\n", "in a column without a name"),
        "a short row": (f"{header}\n{rows[0]}\nÖst\n", r"csv:3: the row has 1 cells"),
        "a long row": (f"{text}{rows[0]},x\n", r"csv:4: the row has"),
        "a quote that does not end": (f'{header}\n"{rows[0]}', "is not valid CSV"),
        "a field too long": (text + "x" * 200_000 + "," * (n - 1), "is not valid CSV: field larger"),
        "NUL": (text.replace("Öst", "\0"), r"csv:3: holds a control sign \(U\+0000\)"),
        "escape": (text.replace("Öst", "\x1b[31m"), r"csv:3: holds a control sign \(U\+001B\)"),
        "turned writing": (text.replace("Öst", "a\u202eb"), r"csv:3: holds a control sign \(U\+202E\)"),
        "UTF-16": (text.encode("utf-16"), "is not a text file in UTF-8"),
        "Latin-1": (text.encode("latin-1"), "csv:2: is not a text file in UTF-8"),
    }


@EVERY
@pytest.mark.parametrize("fault", damaged(READERS["any table"]))
def test_damage_is_refused_with_file_and_line(reader: Reader, fault, tmp_path):
    content, words = damaged(reader)[fault]
    with pytest.raises(OdssimError, match=words) as caught:
        reader.read(write(tmp_path, content))
    assert all(line.startswith(str(tmp_path)) and line.isprintable() for line in str(caught.value).split("\n"))


@pytest.mark.parametrize("reader", [READERS[name] for name in ("counts", "worlds", "data sets")])
def test_all_faults_of_a_file_are_told_at_most_twenty(reader: Reader, tmp_path):
    for n in (2, 20, 21, 90):
        with pytest.raises(OdssimError) as caught:
            reader.read(write(tmp_path, as_csv(reader.cells(*[(f"p{k}", "many") for k in range(n)]))))
        lines = str(caught.value).split("\n")
        assert len(lines) == min(n, 20)
        assert (lines[-1] == f"and {n - 19} more faults") == (n > 20)


@EVERY
@pytest.mark.parametrize("name", ["folder", "pipe", "circle", "nowhere", "n" * 300 + ".csv", "a\0b.csv"])
def test_what_is_no_file_is_refused(reader: Reader, name, tmp_path):
    import os

    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(OdssimError) as caught:
        reader.read(tmp_path / name)
    assert str(caught.value).isprintable()


def test_a_damaged_workbook_is_refused(tmp_path):
    whole = write(tmp_path, [("name", "value"), ("a", 1)]).read_bytes()
    for content in (b"", whole[:200], whole[:-200], whole.replace(b"sheet1", b"sheet9"), b"PK\x05\x06" + b"\0" * 18):
        (tmp_path / "bad.xlsx").write_bytes(content)
        with pytest.raises(OdssimError, match=r"bad\.xlsx: cannot be read as an Excel file"):
            read_table(tmp_path / "bad.xlsx")


def test_a_long_word_hides_no_rule(tmp_path):
    with pytest.raises(OdssimError) as caught:
        read_table(write(tmp_path, f"name,{'x' * 5000}\na,1\n"), ("name", "value"))
    assert str(caught.value).endswith("add the column 'value'")
    assert len(str(caught.value)) < 600
    rule = ScenarioError(f"place {'y' * 5000} has no row", file=f"{tmp_path}/{'z' * 251}.csv")
    assert str(rule) == f"{tmp_path}/{'z' * 251}.csv: place {'y' * 200}... has no row"
