"""How compiled kernels see the state: one pointer, behind which `st.buyers[b]` reads as in Python.

Passing twenty-five arrays through every call makes Numba compile for minutes and count references at
run time. A `State` therefore enters compiled code as the address of a small table (data address and
shape of each array); reading `st.NAME` fetches the array from there, without counting.
"""

import operator
from hashlib import blake2b
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import NativeValue, lower_getattr_generic, models, register_model, typeof_impl, unbox
from numba.np.numpy_support import from_dtype, from_struct_dtype

from odssim.core.types import Array

WORDS_PER_FIELD = 3
"""Address, first and second dimension."""


def short_name(kind: str, content: object) -> str:
    """Return a type name that stands for its content; full names would swell every symbol."""
    return f"{kind}_{blake2b(str(content).encode(), digest_size=6).hexdigest()}"


class TableType(types.Type):
    """A record array seen from compiled code: `table[i]` is a row, `len(table)` its length."""

    def __init__(self, record: types.Record) -> None:
        """Hold the record type."""
        self.record = record
        self.row = RowType(record)
        super().__init__(name=short_name("Table", record))


class RowType(types.Type):
    """One row: a pointer. Whole numbers are read as int64 (unsigned: uint64), whatever their storage."""

    def __init__(self, record: types.Record) -> None:
        """Hold the record type."""
        self.record = record
        super().__init__(name=short_name("Row", record))


class VectorType(types.Type):
    """A short vector within a row: a pointer, with numbers read as in a row."""

    def __init__(self, item: types.Type, count: int) -> None:
        """Hold the storage type of an item and their number."""
        self.item, self.count = item, count
        super().__init__(name=f"Vector_{item}_{count}")


def as_read(stored: types.Type) -> types.Type:
    """Return the type under which compiled code reads a number stored as `stored`."""
    if isinstance(stored, types.Integer):
        return types.int64 if stored.signed else types.uint64  # type: ignore[attr-defined]
    return stored


class StateType(types.Type):
    """The state seen from compiled code: a pointer to the table of addresses."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        """Hold (name, type) of each field, in the order of the table of addresses."""
        self.fields = fields
        super().__init__(name=short_name("State", fields))


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
        self.compiled_type = StateType(tuple((name, field_type(getattr(self, name))) for name in self.FIELDS))


@typeof_impl.register(Handle)
def _typeof_handle(value: Handle, _context: Any) -> StateType:
    return value.compiled_type


@register_model(StateType)
class _StateModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: StateType) -> None:
        super().__init__(manager, kind, ir.IntType(64).as_pointer())


@register_model(TableType)
class _TableModel(models.StructModel):
    def __init__(self, manager: Any, kind: TableType) -> None:
        super().__init__(manager, kind, [("data", types.intp), ("length", types.intp)])


@unbox(StateType)
def _unbox_state(kind: StateType, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_longlong(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, ir.IntType(64).as_pointer()))


@infer_getattr
class _StateAttributes(AttributeTemplate):
    key = StateType

    def generic_resolve(self, kind: StateType, attribute: str) -> types.Type | None:
        return dict(kind.fields).get(attribute)


@lower_getattr_generic(StateType)
def _get_field(context: Any, builder: Any, kind: StateType, value: Any, attribute: str) -> Any:
    names = [name for name, _ in kind.fields]
    i = names.index(attribute)
    wanted: Any = kind.fields[i][1]
    words = [builder.load(cgutils.gep_inbounds(builder, value, i * WORDS_PER_FIELD + k)) for k in range(WORDS_PER_FIELD)]
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
class _TableLength(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if not kws and len(args) == 1 and isinstance(args[0], TableType):
            return signature(types.intp, *args)
        return None


@lower_builtin(len, TableType)
def _table_length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).length


@register_model(RowType)
@register_model(VectorType)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: types.Type) -> None:
        super().__init__(manager, kind, ir.IntType(8).as_pointer())


def _is_index(args: Any, kind: type) -> bool:
    return len(args) >= 2 and isinstance(args[0], kind) and isinstance(args[1], (types.Integer, types.IntEnumMember))


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if _is_index(args, TableType):
            return signature(args[0].row, args[0], types.intp)
        if _is_index(args, VectorType):
            return signature(as_read(args[0].item), args[0], types.intp)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if _is_index(args, VectorType):
            return signature(types.none, args[0], types.intp, args[0].item)
        return None


@lower_builtin(operator.getitem, TableType, types.Integer)
def _table_row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0])
    if config.BOUNDSCHECK:  # type: ignore[attr-defined]
        with builder.if_then(builder.icmp_unsigned(">=", args[1], table.length), likely=False):
            context.call_conv.return_user_exc(builder, IndexError, ("table index out of range",))
    size = context.get_constant(types.intp, sig.args[0].record.size)
    address = builder.add(table.data, builder.mul(args[1], size))
    return builder.inttoptr(address, ir.IntType(8).as_pointer())


def _load(context: Any, builder: Any, pointer: Any, stored: types.Type) -> Any:
    data = builder.bitcast(pointer, context.get_data_type(stored).as_pointer())
    return context.cast(builder, context.unpack_value(builder, stored, data), stored, as_read(stored))


def _store(context: Any, builder: Any, pointer: Any, stored: types.Type, value: Any) -> None:
    data = builder.bitcast(pointer, context.get_data_type(stored).as_pointer())
    context.pack_value(builder, stored, value, data)


def _item_pointer(context: Any, builder: Any, kind: VectorType, pointer: Any, index: Any) -> Any:
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.item)))
    return builder.gep(pointer, [builder.mul(index, size)])


@lower_builtin(operator.getitem, VectorType, types.Integer)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind = sig.args[0]
    return _load(context, builder, _item_pointer(context, builder, kind, args[0], args[1]), kind.item)


@lower_builtin(operator.setitem, VectorType, types.Integer, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind = sig.args[0]
    _store(context, builder, _item_pointer(context, builder, kind, args[0], args[1]), kind.item, args[2])
    return context.get_dummy_value()


@infer_global(len)
class _VectorLength(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if not kws and len(args) == 1 and isinstance(args[0], VectorType):
            return signature(types.intp, *args)
        return None


@lower_builtin(len, VectorType)
def _vector_length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return context.get_constant(types.intp, sig.args[0].count)


@infer_getattr
class _RowAttributes(AttributeTemplate):
    key = RowType

    def generic_resolve(self, kind: RowType, attribute: str) -> types.Type | None:
        if attribute not in kind.record.fields:
            return None
        stored = kind.record.typeof(attribute)
        if isinstance(stored, types.NestedArray):
            return VectorType(stored.dtype, stored.shape[0])
        return as_read(stored)


@lower_getattr_generic(RowType)
def _get_column(context: Any, builder: Any, kind: RowType, value: Any, attribute: str) -> Any:
    pointer = builder.gep(value, [context.get_constant(types.intp, kind.record.offset(attribute))])
    stored = kind.record.typeof(attribute)
    return pointer if isinstance(stored, types.NestedArray) else _load(context, builder, pointer, stored)


@lower_setattr_generic(RowType)
def _set_column(context: Any, builder: Any, sig: Any, args: Any, attribute: str) -> None:
    kind, given = sig.args
    stored = kind.record.typeof(attribute)
    pointer = builder.gep(args[0], [context.get_constant(types.intp, kind.record.offset(attribute))])
    _store(context, builder, pointer, stored, context.cast(builder, args[1], given, stored))
