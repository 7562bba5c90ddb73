"""Kernels use plain arithmetic only, so that a second program can agree to the last bit."""

import ast

import pytest

from architecture.source import decorators, functions, trees

ALLOWED_MATH = {"exp", "log", "pow", "sqrt", "floor", "inf"}
ALLOWED_NUMPY = {"uint64", "int64", "float64", "empty", "arange", "argsort", "ndarray", "void"}
SEED_FROM_MESA = "engine/keywords.py"
"""Turns Mesa's `rng` argument, whatever its kind, into the one seed of a run."""
MAY_DRAW = ("analysis", "validation", "studies", "evaluation", "report")
"""Rooms that resample and draw designs, with generators of their own seeds."""
COMPILED = [path for path in trees() if path.split("/")[0] in ("core", "world", "rules", "engine")]


def kernels(path: str) -> list[ast.FunctionDef]:
    return [f for f in functions(trees()[path]) if decorators(f) & {"kernel", "entry"}]


def test_there_are_kernels_to_look_at():
    assert sum(len(kernels(path)) for path in COMPILED) > 180


@pytest.mark.parametrize("path", COMPILED)
def test_no_fast_or_parallel_mathematics(path):
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.keyword):
            assert node.arg not in ("fastmath", "parallel")


@pytest.mark.parametrize("path", COMPILED)
def test_only_functions_that_agree_everywhere(path):
    for function in kernels(path):
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "math" or node.attr in ALLOWED_MATH, (function.name, node.attr)
                assert node.value.id != "np" or node.attr in ALLOWED_NUMPY, (function.name, node.attr)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("sum", "pow", "round"), function.name
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
                assert whole_constant(node.left), function.name
                assert whole_constant(node.right) or function.name == "normal", function.name


def whole_constant(node: ast.expr) -> bool:
    """Whether an operand is a whole number (or 2.0, whose powers are exact)."""
    return isinstance(node, ast.Constant) and (isinstance(node.value, int) or node.value == 2.0)


def test_no_generator_with_a_state_is_used():
    for path, tree in trees().items():
        names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        assert "random" not in names, path
        used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        if path.split("/")[0] not in MAY_DRAW and path != SEED_FROM_MESA:
            assert not used & {"default_rng", "RandomState"}, path


@pytest.mark.parametrize("path", COMPILED)
def test_functions_fit_a_screen(path):
    for function in functions(trees()[path]):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert lines <= 40, (function.name, lines)
