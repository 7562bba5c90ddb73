"""Numbers that enter the state or an output table do not depend on the processor's wide instructions.

Measured with NumPy 2.5 on one machine, its features switched off one after the other (DECISIONS.md, Randomness):
the functions below give other last bits, or order equals otherwise; sums, means, `hypot`, `sqrt`, `sin`, `cos` and
squares do not.
"""

import ast
from collections.abc import Iterator

import pytest

from architecture.source import trees

ROOMS = ("core", "city", "world", "population", "rules", "interventions", "observe", "engine")
OTHER_BITS = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "float_power", "pow", "cbrt", "tan",
    "arctan", "arctan2", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
}  # fmt: skip
BLAS = {"dot", "vdot", "inner", "matmul", "tensordot", "convolve", "correlate", "cov", "corrcoef", "polyfit"}
"""The library behind them has kernels of its own for each kind of processor."""
OTHER_ORDER = {"partition", "argpartition"}


def faults(tree: ast.AST) -> Iterator[str]:
    """Yield what a module must not do with numbers that count."""
    for node in ast.walk(tree):
        if other_function(node) or other_operator(node) or unstable(node):
            yield ast.unparse(node)


def other_function(node: ast.AST) -> bool:
    """Whether a node names a function of NumPy's that depends on the processor."""
    is_numpy = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    return is_numpy and node.attr in OTHER_BITS | BLAS | OTHER_ORDER


def other_operator(node: ast.AST) -> bool:
    """Whether a node is a matrix product, or a power that is not exact."""
    if not isinstance(node, ast.BinOp | ast.AugAssign):
        return False
    exact = isinstance(node, ast.BinOp) and is_exact(node)
    return isinstance(node.op, ast.MatMult) or (isinstance(node.op, ast.Pow) and not exact)


def is_exact(node: ast.BinOp) -> bool:
    """Whether a power is a square or made of constants."""
    base, exponent = node.left, node.right
    if isinstance(exponent, ast.Constant) and exponent.value == 2:
        return True
    return isinstance(base, ast.Constant) and isinstance(getattr(exponent, "operand", exponent), ast.Constant)


def unstable(node: ast.AST) -> bool:
    """Whether a call orders positions without saying what becomes of equals."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "argsort"
        and not any(keyword.arg == "kind" for keyword in node.keywords)
    )


@pytest.mark.parametrize("path", [path for path in trees() if path.split("/")[0] in ROOMS])
def test_numbers_that_count_take_the_scalar_route(path):
    found = set(faults(trees()[path]))
    if path in ("rules/supply.py", "rules/treatment.py"):
        found -= {"np.argsort(keys)"}  # compiled: the order is Numba's own, on any processor
    assert found == set(), "use odssim.core.maths, or math for one number"


@pytest.mark.parametrize(
    "line",
    ["np.exp(x)", "np.log2(x)", "0.5 ** (x / h)", "x ** 1.5", "x ** -2", "x ** 3", "(1 - q) ** n", "x **= n",
     "a @ b", "np.cov(a)", "np.argsort(x)", "x.argsort()", "np.argpartition(x, 3)"],
)  # fmt: skip
def test_the_guard_can_fail(line):
    assert list(faults(ast.parse(line)))


@pytest.mark.parametrize("line", ["maths.exp(x)", "math.pow(x, y)", "x ** 2", "2.0 ** -53", "np.argsort(x, kind='stable')"])
def test_what_is_exact_may_be_used(line):
    assert not list(faults(ast.parse(line)))
