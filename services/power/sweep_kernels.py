"""Kernel of the sweep over price levels, the widest loop of the exact walk of a store. Arrays in, arrays out.

A whole group of levels (64 bytes: eight doubles or sixteen singles) is moved by one hour in vector registers, written
out by hand: the loops over so few levels are unrolled before they could be vectorised.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

# Levels come in whole groups of either precision.
GROUP_BYTES = 64
PAD = 16


@intrinsic
def _move_group(
    typingctx: Any, down_at: Any, up_at: Any, s: Any, row: Any, first: Any, at: Any, limits: Any
) -> Any:
    """Move the contents s[first...] of one group by one hour; returns how many are then empty, how many not full.

    given = min(max(down_at[row...] - at, down), 0), got = max(min(up_at[row...] - at, up), 0), then
    s <- min(max(s + (given * taken + got * charged), 0), size) with limits = (up, down, taken, charged, size);
    operations in this order, nothing contracted.
    """
    real = s.dtype
    lanes = GROUP_BYTES * 8 // real.bitwidth
    signature = types.UniTuple(types.int64, 2)(down_at, up_at, s, row, first, at, limits)

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector = ir.VectorType(context.get_value_type(real), lanes)
        small = ir.IntType(32)
        unset = ir.Constant(vector, ir.Undefined)
        every = ir.Constant(ir.VectorType(small, lanes), [0] * lanes)
        zero = ir.Constant(vector, [0.0] * lanes)

        def address(array: int, offset: int) -> Any:
            data = context.make_array(sig.args[array])(context, builder, args[array]).data
            return builder.bitcast(builder.gep(data, [args[offset]]), vector.as_pointer())

        def load(pointer: Any) -> Any:
            found = builder.load(pointer)
            found.align = real.bitwidth // 8
            return found

        def spread(value: Any) -> Any:
            return builder.shuffle_vector(
                builder.insert_element(unset, value, ir.Constant(small, 0)), unset, every
            )

        def least(a: Any, b: Any) -> Any:
            return builder.select(builder.fcmp_ordered("<", b, a), b, a)

        def most(a: Any, b: Any) -> Any:
            return builder.select(builder.fcmp_ordered(">", b, a), b, a)

        def count(mask: Any) -> Any:
            bits = ir.IntType(lanes)
            ones = builder.module.declare_intrinsic("llvm.ctpop", [bits])
            return builder.zext(builder.call(ones, [builder.bitcast(mask, bits)]), ir.IntType(64))

        up, down, taken, charged, size = (spread(builder.extract_value(args[6], i)) for i in range(5))
        load_mw = spread(args[5])
        contents = address(2, 4)
        given = least(most(builder.fsub(load(address(0, 3)), load_mw), down), zero)
        got = most(least(builder.fsub(load(address(1, 3)), load_mw), up), zero)
        step = builder.fadd(builder.fmul(given, taken), builder.fmul(got, charged))
        moved = least(most(builder.fadd(load(contents), step), zero), size)
        builder.store(moved, contents).align = real.bitwidth // 8
        empty = count(builder.fcmp_ordered("<=", moved, zero))
        not_full = count(builder.fcmp_ordered("<", moved, size))
        return context.make_tuple(builder, sig.return_type, (empty, not_full))

    return signature, build


@intrinsic
def _levels_in_group(typingctx: Any, s: Any) -> Any:
    """How many levels of the precision of s make a group, known when compiled."""
    lanes = GROUP_BYTES * 8 // s.dtype.bitwidth

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.get_constant(types.int64, lanes)

    return types.int64(s), build


@njit(nogil=True, cache=True)
def sweep_levels(r, per, cd, cc, store, reach, start_mwh, column, first_filled, first_full):
    """Contents of all levels hour by hour: first column above empty and first column that is full, [h].

    Words as in `walk_store`; columns of cd, cc [m, columns] and column [columns] are a multiple of PAD. Contents rise
    with the level. Columns below `low` are empty and stay so, those from `top` on are full and stay so: only the groups
    between are moved. Runs in the precision of the tables.
    """
    columns = cd.shape[1]
    real = column.dtype.type
    most, charged, taken = real(store[2]), real(store[3]), real(1.0 / store[4])
    power_c, power_d = store[0], store[1]
    width = _levels_in_group(column)
    # One axis only: a view of a row counts references, which costs more than the hour's arithmetic. Unsigned indexes
    # and a plain loop: no check of negative ones, no division for the number of groups.
    d = cd.reshape(cd.size)
    c = cc.reshape(cc.size)
    column[:] = start_mwh
    low = 0
    top = columns
    filled = 0
    full = 0
    for h in range(r.size):
        there = reach[h]
        if there == 0.0 and h > 0:
            # Nothing moves.
            first_filled[h] = filled
            first_full[h] = full
            continue
        at = real(r[h])
        row = per[h] * columns
        up = real(power_c * there)
        down = real(-power_d * there)
        while low > 0 and c[np.uint64(row + low - 1)] > at:
            low -= width
        while top < columns and d[np.uint64(row + top)] < at:
            top += width
        filled = low
        full = low
        i = low
        while i < top:
            empty, not_full = _move_group(d, c, column, row + i, i, at, (up, down, taken, charged, most))
            filled += empty
            full += not_full
            i += width
        first_filled[h] = filled
        first_full[h] = full
        # By branches, which are foreseen: computed bounds would make every hour wait for the one before.
        while low < columns and filled >= low + width:
            low += width
        while top > 0 and full <= top - width:
            top -= width
