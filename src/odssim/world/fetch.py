"""Asking the processor for a row before it is needed.

A row that is not in the cache costs some hundred nanoseconds, longer than most events take to work out.
A fetch changes nothing and may point anywhere, past the end of a table too.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LINE = 64
"""Bytes that come together."""
AHEAD = 16
"""How many rows ahead a scan of a whole table fetches."""
READ, KEEP, DATA = 0, 3, 1
_intrinsic: Any = intrinsic
"""Numba's own type asks kernels for the typing context too, which the compiler fills in."""


def _emit(context: Any, builder: Any, table: Any, index: Any, size: int, lines: int) -> Any:
    word, byte = ir.IntType(32), ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
    prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    row = builder.add(table.data, builder.mul(index, context.get_constant(types.intp, size)))
    for i in range(lines):
        address = builder.inttoptr(builder.add(row, context.get_constant(types.intp, i * LINE)), byte)
        builder.call(prefetch, [address, word(READ), word(KEEP), word(DATA)])
    return context.get_dummy_value()


@_intrinsic
def fetch_head(_: Any, table: Any, index: Any) -> Any:
    """Fetch the first line of row `index` of a table of the state."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        proxy = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0])
        return _emit(context, builder, proxy, args[1], signature.args[0].record.size, 1)

    return types.void(table, types.intp), codegen


@_intrinsic
def fetch_row(_: Any, table: Any, index: Any) -> Any:
    """Fetch row `index` of a table of the state."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        proxy = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=args[0])
        size = signature.args[0].record.size
        return _emit(context, builder, proxy, args[1], size, -(-size // LINE))

    return types.void(table, types.intp), codegen
