"""How compiled kernels see the state: one pointer, behind which `st.buyers[b]` reads as in Python.

Passing twenty-five arrays through every call makes Numba compile for minutes and count references at
run time. A `State` therefore enters compiled code as the address of a small table (data address and
shape of each array); reading `st.NAME` fetches the array from there, without counting.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import (
    NativeValue,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import from_dtype, from_struct_dtype

Array = np.ndarray[Any, Any]
WORDS_PER_FIELD = 3
"""Address, first and second dimension."""


class TableType(types.Type):  # type: ignore[misc]
    """A record array seen from compiled code: `table[i]` is a record, `len(table)` its length."""

    def __init__(self, dtype: types.Record) -> None:
        """Hold the record type."""
        self.dtype = dtype
        super().__init__(name=f"Table({dtype})")


class StateType(types.Type):  # type: ignore[misc]
    """The state seen from compiled code: a pointer to the table of addresses."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        """Hold (name, type) of each field, in the order of the table of addresses."""
        self.fields = fields
        super().__init__(name=f"State({fields})")


def field_type(array: Array) -> types.Type:
    """Return the type under which compiled code sees `array` (C-contiguous, 1 or 2 dimensions)."""
    if array.dtype.names is not None:
        return TableType(from_struct_dtype(array.dtype))
    return types.Array(from_dtype(array.dtype), array.ndim, "C")


class Handle:
    """Base of `State`: keeps the table of addresses of its arrays in step."""

    FIELDS: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Rebuild the table of addresses, after a field was replaced."""
        table = np.zeros(len(self.FIELDS) * WORDS_PER_FIELD, dtype=np.int64)
        for i, name in enumerate(self.FIELDS):
            array = getattr(self, name)
            if not array.flags.c_contiguous:
                raise ValueError(f"state array {name} must be C-contiguous")
            shape = (*array.shape, 0)[:2]
            table[i * WORDS_PER_FIELD : (i + 1) * WORDS_PER_FIELD] = (array.ctypes.data, *shape)
        self._table = table
        self.address = table.ctypes.data


@typeof_impl.register(Handle)
def _typeof_handle(value: Handle, _context: Any) -> StateType:
    return StateType(tuple((name, field_type(getattr(value, name))) for name in value.FIELDS))


@register_model(StateType)
class _StateModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: StateType) -> None:
        super().__init__(manager, kind, ir.IntType(64).as_pointer())


@register_model(TableType)
class _TableModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: TableType) -> None:
        super().__init__(manager, kind, [("data", types.intp), ("length", types.intp)])


@unbox(StateType)
def _unbox_state(kind: StateType, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, ir.IntType(64).as_pointer()))


@infer_getattr
class _StateAttributes(AttributeTemplate):  # type: ignore[misc]
    key = StateType

    def generic_resolve(self, kind: StateType, attribute: str) -> types.Type | None:
        return dict(kind.fields).get(attribute)


@lower_getattr_generic(StateType)
def _get_field(context: Any, builder: Any, kind: StateType, value: Any, attribute: str) -> Any:
    names = [name for name, _ in kind.fields]
    i = names.index(attribute)
    wanted = kind.fields[i][1]
    words = [
        builder.load(cgutils.gep_inbounds(builder, value, i * WORDS_PER_FIELD + k)) for k in range(WORDS_PER_FIELD)
    ]
    if isinstance(wanted, TableType):
        table = cgutils.create_struct_proxy(wanted)(context, builder)
        table.data, table.length = words[0], words[1]
        return table._getvalue()
    return _make_array(context, builder, wanted, words)


def _make_array(context: Any, builder: Any, wanted: types.Array, words: list[Any]) -> Any:
    array = context.make_array(wanted)(context, builder)
    item = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(wanted.dtype)))
    shape = words[1 : 1 + wanted.ndim]
    strides = [item] if wanted.ndim == 1 else [builder.mul(shape[1], item), item]
    count = shape[0] if wanted.ndim == 1 else builder.mul(shape[0], shape[1])
    pointer = builder.inttoptr(words[0], context.get_data_type(wanted.dtype).as_pointer())
    context.populate_array(
        array,
        data=pointer,
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=item,
        meminfo=None,
    )
    array.nitems = count
    return array._getvalue()


@infer_global(len)
class _TableLength(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if not kws and len(args) == 1 and isinstance(args[0], TableType):
            return signature(types.intp, *args)
        return None


@lower_builtin(len, TableType)
def _table_length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).length


@infer_global(operator.getitem)
class _TableItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        table_first = not kws and len(args) == 2 and isinstance(args[0], TableType)
        if table_first and isinstance(args[1], types.Integer):
            return signature(args[0].dtype, args[0], types.intp)
        return None


@lower_builtin(operator.getitem, TableType, types.Integer)
def _table_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
    size = context.get_constant(types.intp, sig.args[0].dtype.size)
    address = builder.add(table.data, builder.mul(args[1], size))
    return builder.inttoptr(address, context.get_value_type(sig.args[0].dtype))
