"""Numbers that enter the state or an output table do not depend on the processor's wide instructions.

Measured with NumPy 2.5 on one machine, its features switched off one after the other (DECISIONS.md, Randomness):
the functions below give other last bits, or order equals otherwise; sums, means, `hypot`, `sqrt`, `sin`, `cos`, squares
and `einsum` without `optimize` do not.
"""

import ast
from collections.abc import Iterator

import pytest

from architecture.source import trees

OTHER_BITS = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "power", "float_power", "pow", "cbrt", "tan",
    "arctan", "arctan2", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "geomspace", "logspace",
}  # fmt: skip
BLAS = {"dot", "vdot", "inner", "matmul", "tensordot", "convolve", "correlate", "cov", "corrcoef", "polyfit", "linalg"}
"""The library behind them has kernels of its own for each kind of processor."""
OTHER_ORDER = {"partition", "argpartition"}
OTHERS = ("sklearn", "statsmodels", "scipy.linalg", "scipy.optimize", "scipy.stats")
"""Libraries that rest on these."""
ALLOWED = {
    "core/maths.py": {
        "np.partition",  # a k-th value is the same whatever the order
        "np.asarray(whole, dtype=np.float64) @ np.asarray(chosen, dtype=np.float64)",  # whole numbers: exact sums
    },
    "rules/supply.py": {"np.argsort(keys)"},  # compiled: the order is Numba's own, on any processor
    "rules/treatment.py": {"np.argsort(keys)"},
    "validation/datasets/data.py": {"scipy.stats.rankdata"},
    "studies/calibration/waves.py": {"scipy.stats.qmc"},  # whole numbers over a power of two, or draws
    "evaluation/design/power.py": {"scipy.optimize.brentq", "scipy.stats.nbinom"},  # one number after the other
    "evaluation/estimators/synthetic_control.py": {"scipy.optimize.nnls"},  # which donors count; weights are solved anew
    "evaluation/trial/worth.py": {"sklearn.tree.DecisionTreeClassifier"},  # comparisons and counts
    "studies/sensitivity/design.py": {"scipy.stats.qmc"},
    "studies/sensitivity/emulator.py": {  # three digits of what the search finds; all else is solved for anew
        "sklearn.exceptions.ConvergenceWarning", "sklearn.gaussian_process.GaussianProcessRegressor",
        "sklearn.gaussian_process.kernels.ConstantKernel", "sklearn.gaussian_process.kernels.Matern",
        "sklearn.gaussian_process.kernels.WhiteKernel",
    },
    "studies/study/worlds.py": {"scipy.stats.qmc"},
}  # fmt: skip
"""What may be used nevertheless, and why."""


def faults(tree: ast.AST) -> Iterator[str]:
    """Yield what a module must not do with numbers that count."""
    for node in ast.walk(tree):
        if other_function(node) or other_operator(node) or unstable(node) or optimised(node):
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OTHERS):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith((*OTHERS, "numpy.linalg")))


def other_function(node: ast.AST) -> bool:
    """Whether a node names a function of NumPy's, or a method, that depends on the processor."""
    if not isinstance(node, ast.Attribute):
        return False
    is_numpy = isinstance(node.value, ast.Name) and node.value.id == "np"
    return node.attr in {"dot", "argpartition"} or (is_numpy and node.attr in OTHER_BITS | BLAS | OTHER_ORDER)


def optimised(node: ast.AST) -> bool:
    """Whether a call of einsum is left to BLAS."""
    return isinstance(node, ast.Call) and any(keyword.arg == "optimize" for keyword in node.keywords)


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


@pytest.mark.parametrize("path", trees())
def test_numbers_that_count_take_the_scalar_route(path):
    assert set(faults(trees()[path])) == ALLOWED.get(path, set()), "use odssim.core.maths, or math for one number"


@pytest.mark.parametrize(
    "line",
    ["np.exp(x)", "np.log2(x)", "0.5 ** (x / h)", "x ** 1.5", "x ** -2", "x ** 3", "(1 - q) ** n", "x **= n",
     "a @ b", "np.cov(a)", "np.argsort(x)", "x.argsort()", "np.argpartition(x, 3)",
     "a.dot(b)", "np.linalg.solve(a, b)", "np.einsum('ij,jk', a, b, optimize=True)", "from scipy.stats import spearmanr"],
)  # fmt: skip
def test_the_guard_can_fail(line):
    assert list(faults(ast.parse(line)))


@pytest.mark.parametrize("line", ["maths.exp(x)", "math.pow(x, y)", "x ** 2", "2.0 ** -53", "np.argsort(x, kind='stable')"])
def test_what_is_exact_may_be_used(line):
    assert not list(faults(ast.parse(line)))
