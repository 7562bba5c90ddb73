"""Files of the user are his: what deletes, moves or opens for writing stands in few places, known by name."""

import ast

import pytest

from architecture.source import trees

MOVERS = {"core/files.py", "core/locks.py", "core/folders.py", "engine/cache.py"}
"""The one way to write for a user, and the two that tidy up the caches."""
SEEDS = "validation/patterns/campaign.py"
"""Appends finished seeds to a file of its own and deletes it when all are done."""
INTO_A_FOLDER_THAT_IS_BEING_MADE = {
    "core/result.py",
    "cli/city_commands.py", "cli/preset_command.py", "evaluation/counts/hand_over.py",
    "evaluation/trial/results.py", "evaluation/counts/spreadsheet.py", "observe/write.py", "drawing/style.py",
    "core/csv_json.py", "studies/study/export.py", "studies/study/shards.py",
}  # fmt: skip
INTO_MEMORY = {"report/bundle.py", "drawing/as_data.py", "report/page/workbook.py"}
OWN_PLACES = {"core/marks.py", "evaluation/trial/trials.py", "studies/study/store.py", SEEDS}
"""The marker, kept batches, the store of a batch, finished seeds."""
MOVING = {"rmtree", "unlink", "rename", "rmdir", "remove", "removedirs", "move", "copyfile", "copytree", "mkdtemp",
          "mkstemp", "NamedTemporaryFile", "truncate", "ftruncate"}  # fmt: skip
WRITING = {"write_text", "write_bytes", "savefig", "write_table", "ParquetWriter", "to_csv", "to_stata", "to_excel",
           "to_parquet", "Workbook", "mkdir", "makedirs", "touch"}  # fmt: skip


def calls(path):
    """Yield (name of the function, call) of a module; of a method the name after the last dot."""
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def opens_for_writing(name, call):
    modes = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    texts = [mode for mode in modes if isinstance(mode, str)]
    return name in ("open", "ZipFile") and any(set(m) <= set("rwaxbt+") and set(m) & set("wax+") for m in texts)


def moves(name, call):
    replaces = name == "replace" and len(call.args) + len(call.keywords) == 1 and isinstance(call.args[:1], list)
    on_lists = name == "remove" and not (isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "os")
    columns = name == "rename" and any(k.arg == "columns" for k in call.keywords)
    on_os = name == "replace" and isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "os"
    return (name in MOVING and not on_lists and not columns) or on_os or (replaces and not call.keywords)


@pytest.mark.parametrize("path", trees())
def test_only_few_modules_delete_or_move(path):
    found = [(name, call.lineno) for name, call in calls(path) if moves(name, call)]
    assert path in MOVERS | {SEEDS} or found == []


@pytest.mark.parametrize("path", trees())
def test_what_opens_for_writing_is_known(path):
    known = MOVERS | INTO_A_FOLDER_THAT_IS_BEING_MADE | INTO_MEMORY | OWN_PLACES
    found = [(name, call.lineno) for name, call in calls(path) if name in WRITING or opens_for_writing(name, call)]
    assert path in known or found == []


@pytest.mark.parametrize("path", sorted(INTO_A_FOLDER_THAT_IS_BEING_MADE))
def test_who_writes_into_a_folder_has_it_made_or_is_given_it(path):
    functions = [node for node in ast.walk(trees()[path]) if isinstance(node, ast.FunctionDef)]
    given = any(argument.arg in ("folder", "path", "file") for one in functions for argument in one.args.args)
    assert given or any(name == "atomic_folder" for name, _ in calls(path))
