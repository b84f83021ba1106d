"""Equations as vector code: what a function of numbers says is written down as terms, and terms as instructions.

Called with terms in place of numbers, an equation returns the graph of what it computes. A quantity that two equations
need is then computed once, and what never changes for a draw, or within a segment, can be told from what must be
computed at every stage (`Level`). Each term becomes one instruction on a register whose lanes hold draws.

There are two precisions. What is added up over the years is double; what a slope is computed from is single, which
holds twice as many draws to a register. Every rounding is said here (a product and a sum in one instruction where both
stand in one term), so that a draw comes out the same to the last bit on any machine, in any lane and beside anybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import factorial, log
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LANES_A_GROUP = 16
"""Draws that are marched side by side: a register of 512 bits in single precision, or two of 256."""
_WORD = ir.IntType(64)
_SINGLE = ir.VectorType(ir.FloatType(), LANES_A_GROUP)
_DOUBLE = ir.VectorType(ir.DoubleType(), LANES_A_GROUP)
_WHOLE = ir.VectorType(ir.IntType(32), LANES_A_GROUP)
_BITS, _BYTE = {_SINGLE: 32, _DOUBLE: 64}, 8
_LONG = ir.VectorType(_WORD, LANES_A_GROUP)


class Level(IntEnum):
    """How often a term changes."""

    NEVER, DRAW, SEGMENT, STAGE = range(4)


@dataclass(frozen=True, eq=False)
class Term:
    """One operation on terms. The same operation on the same terms is the same term, so that it is computed once."""

    operation: str
    operands: tuple[Any, ...]
    """Terms; a number for "constant"; the buffer, the place in it and the level for "load"."""
    level: Level

    def __add__(self, other: "Term | float") -> "Term":
        return _sum(self, term(other))

    def __radd__(self, other: float) -> "Term":
        return _sum(term(other), self)

    def __sub__(self, other: "Term | float") -> "Term":
        return _difference(self, term(other))

    def __rsub__(self, other: float) -> "Term":
        return _difference(term(other), self)

    def __mul__(self, other: "Term | float") -> "Term":
        return _product(self, term(other))

    def __rmul__(self, other: float) -> "Term":
        return _product(term(other), self)

    def __truediv__(self, other: "Term | float") -> "Term":
        return _ratio(self, term(other))

    def __rtruediv__(self, other: float) -> "Term":
        return _ratio(term(other), self)

    def __pow__(self, other: "Term | float") -> "Term":
        return operation("pow", self, term(other))

    def __neg__(self) -> "Term":
        return _difference(term(0.0), self)

    def __abs__(self) -> "Term":
        return operation("fabs", self)

    def __bool__(self) -> bool:
        raise TypeError("an equation that decides by a value can't be written as one course of terms")


_known: dict[tuple[Any, ...], Term] = {}


def _once(name: str, operands: tuple[Any, ...], level: Level) -> Term:
    """The one term of an operation and its operands."""
    return _known.setdefault((name, *operands), Term(name, operands, level))


def term(value: "Term | float") -> Term:
    """A number as a term."""
    return value if isinstance(value, Term) else _once("constant", (float(value),), Level.NEVER)


def operation(name: str, *operands: Term) -> Term:
    """An operation on terms, by the name of the instruction."""
    return _once(name, operands, Level(max(one.level for one in operands)))


def load(buffer: str, place: int, level: Level = Level.STAGE) -> Term:
    """What stands at a place of a buffer."""
    return _once("load", (buffer, place, level), level)


def exp(x: "Term | float") -> Term:
    """e**x, to the last digits of single precision."""
    return operation("exp", term(x))


def largest(*values: "Term | float") -> Term:
    """The largest of terms; the later one wherever they can't be compared."""
    found = term(values[0])
    for value in values[1:]:
        found = operation("max", found, term(value))
    return found


def where(mask: Term, yes: Term, no: Term) -> Term:
    """One term in the lanes where a mask is above 0, another elsewhere."""
    return operation("where", mask, yes, no)


def root(x: Term) -> Term:
    """The square root."""
    return operation("sqrt", x)


def double(x: Term) -> Term:
    """In double precision."""
    return operation("double", x)


def single(x: Term) -> Term:
    """In single precision."""
    return operation("single", x)


def _constant(one: Term, *values: float) -> bool:
    return one.operation == "constant" and (not values or one.operands[0] in values)


def _sum(a: Term, b: Term) -> Term:
    if _constant(a) and _constant(b):
        return term(a.operands[0] + b.operands[0])
    return b if _constant(a, 0.0) else a if _constant(b, 0.0) else operation("add", a, b)


def _difference(a: Term, b: Term) -> Term:
    if _constant(a) and _constant(b):
        return term(a.operands[0] - b.operands[0])
    return a if _constant(b, 0.0) else operation("sub", a, b)


def _product(a: Term, b: Term) -> Term:
    if _constant(a) and _constant(b):
        return term(a.operands[0] * b.operands[0])
    return b if _constant(a, 1.0) else a if _constant(b, 1.0) else operation("mul", a, b)


def _ratio(a: Term, b: Term) -> Term:
    """A division by what changes more seldom becomes a product with its inverse, which is then kept."""
    if _constant(a) and _constant(b):
        return term(a.operands[0] / b.operands[0])
    if _constant(b) or (b.level <= Level.SEGMENT and a.level > b.level):
        return _product(a, _ratio(term(1.0), b))
    return operation("div", a, b)


class Hoisted:
    """Moves what changes more seldom than at every stage to places where it is kept."""

    def __init__(self, buffer: str, first: int, room: int, level: Level) -> None:
        self.kept: dict[Term, Term] = {}
        self._buffer, self._first, self._room, self._level = buffer, first, room, level
        self._done: dict[Term, Term] = {}

    def __call__(self, whole: Term) -> Term:
        """A term in which the largest parts that change seldom are read from where they are kept."""
        if whole not in self._done:
            self._done[whole] = self._of(whole)
        return self._done[whole]

    def _of(self, whole: Term) -> Term:
        if whole.level == Level.NEVER:
            return whole
        if whole.level <= self._level:
            if len(self.kept) >= self._room:
                raise ValueError(f"more than {self._room} terms to be kept")
            place = self._first + len(self.kept)
            return self.kept.setdefault(whole, load(self._buffer, place, whole.level))
        if whole.operation == "load":
            return whole
        return operation(whole.operation, *(self(one) for one in whole.operands))


Store = tuple[str, int, Term]
"""The buffer, the place in it, and what is written there."""


def vector_code(name: str, stores: Callable[[], Sequence[Store]]) -> Any:
    """A function for compiled code of (work, sums, at, to) that computes terms in all lanes and writes them down.

    stores: called when the code is compiled, and not when it comes out of the cache. Buffers: "work" in single, "sums"
    in double precision, both [places, LANES_A_GROUP] from an address that 64 divides; "at" and "to" are the work
    buffer from the places of the last two arguments on. Everything is read before anything is written where it is.
    """
    label = f"trabecula_lanes_{name}"

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, given: Sequence[Any]) -> Any:
        buffers = [context.make_array(kind)(context, builder, one).data for kind, one in zip(signature.args, given[:2])]  # noqa: B905
        function = builder.module.globals.get(label) or _function(builder.module, label, buffers, stores())
        builder.call(function, [*buffers, *given[2:]])
        return context.get_dummy_value()

    @intrinsic
    def code(typing: Any, work: Any, sums: Any, at: Any, to: Any) -> Any:  # noqa: ARG001
        return types.void(work, sums, types.int64, types.int64), generate

    return code


def _function(module: ir.Module, label: str, buffers: Sequence[Any], stores: Sequence[Store]) -> ir.Function:
    """The machine's form of stores, as a function that is never put in line: it is long, and called often."""
    kind = ir.FunctionType(ir.VoidType(), [*(one.type for one in buffers), _WORD, _WORD])
    function = ir.Function(module, kind, label)
    function.linkage = "internal"
    function.attributes.add("noinline")
    for one in function.args[:2]:
        one.add_attribute("noalias")
    writer = _Writer(ir.IRBuilder(function.append_basic_block()), function.args, [found for _, _, found in stores])
    later = []
    for buffer, place, found in stores:
        value = writer.value(found)
        if (buffer, place) in writer.read:
            later.append((buffer, place, value))
        else:
            writer.store(buffer, place, value)
    for one in later:
        writer.store(*one)
    writer.builder.ret_void()
    return function


class _Writer:
    """Writes terms as instructions."""

    def __init__(self, builder: ir.IRBuilder, given: Sequence[Any], wanted: Sequence[Term]) -> None:
        work, sums, at, to = given
        self.builder = builder
        lanes = ir.Constant(_WORD, LANES_A_GROUP)
        moved = [builder.gep(work, [builder.mul(one, lanes)]) for one in (at, to)]
        self._buffers = {"work": work, "sums": sums, "at": moved[0], "to": moved[1]}
        self._done: dict[Term, Any] = {}
        self._uses = _uses(wanted)
        self.read = {one.operands[:2] for one in self._uses if one.operation == "load"}

    def value(self, wanted: Term) -> Any:
        """The register of a term."""
        waiting = [wanted]
        while waiting:
            one = waiting[-1]
            missing = [] if one in self._done else [x for x in _terms(one) if x not in self._done]
            if missing:
                waiting.extend(missing)
                continue
            if one not in self._done:
                self._done[one] = self._written(one)
            waiting.pop()
        return self._done[wanted]

    def _address(self, buffer: str, place: int) -> tuple[Any, int]:
        kind = _DOUBLE if buffer == "sums" else _SINGLE
        first = self.builder.gep(self._buffers[buffer], [ir.Constant(_WORD, place * LANES_A_GROUP)])
        return self.builder.bitcast(first, kind.as_pointer()), _BITS[kind] // _BYTE * LANES_A_GROUP

    def store(self, buffer: str, place: int, value: Any) -> None:
        """Write a register to a place."""
        address, align = self._address(buffer, place)
        self.builder.store(value, address, align=align)

    def _written(self, one: Term) -> Any:
        """The instruction of a term whose operands are in registers."""
        if one.operation == "load":
            address, align = self._address(*one.operands[:2])
            return self.builder.load(address, align=align)
        kind = next(self._done[x].type for x in _terms(one))
        x = [self._register(y, kind) for y in one.operands]
        fused = self._fused(one, x, kind) if one.operation in ("add", "sub") else None
        return fused or getattr(self, f"_{one.operation}")(*x)

    def _register(self, one: Term, kind: Any) -> Any:
        """A term that was computed, or a number in all lanes."""
        return self._done[one] if one in self._done else ir.Constant(kind, [one.operands[0]] * LANES_A_GROUP)

    def _fused(self, one: Term, x: Sequence[Any], kind: Any) -> Any:
        """A sum or difference with a product that nothing else needs, rounded once; None for any other."""
        for product, other in ((1, 0), (0, 1)):
            inner = one.operands[product]
            if inner.operation != "mul" or self._uses[inner] > 1:
                continue
            a, b = (self._register(y, kind) for y in inner.operands)
            minus = self.builder.fneg
            if one.operation == "sub" and product == 1:
                return self._fma(minus(a), b, x[other])
            return self._fma(a, b, minus(x[other]) if one.operation == "sub" else x[other])
        return None

    def _call(self, name: str, *x: Any) -> Any:
        module, kind = self.builder.module, x[0].type
        label = f"llvm.{name}.v{LANES_A_GROUP}f{_BITS[kind]}"
        function = module.globals.get(label) or ir.Function(module, ir.FunctionType(kind, [kind] * len(x)), label)
        return self.builder.call(function, x)

    def _add(self, a: Any, b: Any) -> Any:
        return self.builder.fadd(a, b)

    def _sub(self, a: Any, b: Any) -> Any:
        return self.builder.fsub(a, b)

    def _mul(self, a: Any, b: Any) -> Any:
        return self.builder.fmul(a, b)

    def _div(self, a: Any, b: Any) -> Any:
        return self.builder.fdiv(a, b)

    def _fma(self, a: Any, b: Any, c: Any) -> Any:
        return self._call("fma", a, b, c)

    def _sqrt(self, a: Any) -> Any:
        return self._call("sqrt", a)

    def _pow(self, a: Any, b: Any) -> Any:
        """a**b, worked out in double precision, for a > 0; 0 for 0 and no number for a < 0."""
        if a.type == _SINGLE:
            return self._single(self._pow(self._double(a), self._double(b)))
        found = self._exp(self.builder.fmul(b, self._log(a)))
        return self._where(a, found, self._sqrt(a))

    def _log(self, x: Any) -> Any:
        """The logarithm in double precision: that of a power of 2, and the series of artanh for what is left."""
        builder, whole = self.builder, _LONG
        bits = builder.bitcast(x, whole)
        above = builder.sub(bits, ir.Constant(whole, [_ROOT_HALF] * LANES_A_GROUP))
        n = builder.ashr(above, ir.Constant(whole, [_DOUBLE_BITS] * LANES_A_GROUP))
        rest = builder.bitcast(
            builder.sub(bits, builder.shl(n, ir.Constant(whole, [_DOUBLE_BITS] * LANES_A_GROUP))), _DOUBLE
        )
        one = self._every(_DOUBLE, 1.0)
        f = builder.fdiv(builder.fsub(rest, one), builder.fadd(rest, one))
        square = builder.fmul(f, f)
        found = self._every(_DOUBLE, 2.0 / _LOG_DEGREE)
        for degree in range(_LOG_DEGREE - 2, 0, -2):
            found = self._fma(found, square, self._every(_DOUBLE, 2.0 / degree))
        return self._fma(builder.sitofp(n, _DOUBLE), self._every(_DOUBLE, log(2.0)), builder.fmul(f, found))

    def _fabs(self, a: Any) -> Any:
        return self._call("fabs", a)

    def _max(self, a: Any, b: Any) -> Any:
        return self.builder.select(self.builder.fcmp_ordered(">", a, b), a, b)

    def _where(self, mask: Any, yes: Any, no: Any) -> Any:
        nothing = ir.Constant(mask.type, [0.0] * LANES_A_GROUP)
        return self.builder.select(self.builder.fcmp_ordered(">", mask, nothing), yes, no)

    def _double(self, a: Any) -> Any:
        return self.builder.fpext(a, _DOUBLE)

    def _single(self, a: Any) -> Any:
        return self.builder.fptrunc(a, _SINGLE)

    def _every(self, kind: Any, value: float) -> Any:
        return ir.Constant(kind, [value] * LANES_A_GROUP)

    def _exp(self, x: Any) -> Any:
        """e**x: 2**n times the Taylor series of what is left, to the last digits; what is no number stays none."""
        builder, kind = self.builder, x.type
        whole, bits, most, high, degree = _EXP[kind]
        least, most = self._every(kind, -most), self._every(kind, most)
        x = builder.select(builder.fcmp_ordered("<", x, least), least, x)
        x = builder.select(builder.fcmp_ordered(">", x, most), most, x)
        n = self._call("rint", builder.fmul(x, self._every(kind, 1.0 / log(2.0))))
        rest = self._fma(n, self._every(kind, -high), x)
        rest = self._fma(n, self._every(kind, high - log(2.0)), rest)
        found = self._every(kind, 1.0 / factorial(degree))
        for power in range(degree - 1, -1, -1):
            found = self._fma(found, rest, self._every(kind, 1.0 / factorial(power)))
        power = builder.shl(builder.fptosi(n, whole), ir.Constant(whole, [bits] * LANES_A_GROUP))
        return builder.bitcast(builder.add(builder.bitcast(found, whole), power), kind)


_DOUBLE_BITS = 52
_EXP = {_SINGLE: (_WHOLE, 23, 87.0, 0.693359375, 6), _DOUBLE: (_LONG, _DOUBLE_BITS, 700.0, 0.6931471803691238, 13)}
"""For each precision: whole numbers of its size, bits of its mantissa, the furthest exponent, the logarithm of 2 in so
few bits that whole multiples of it are exact, and the degree of the series."""
_ROOT_HALF = 0x3FE6A09E667F3BCD
"""The bits of the root of a half, from which on a number is taken as 1 or more."""
_LOG_DEGREE = 21


def _terms(one: Term) -> list[Term]:
    """The operands that are computed."""
    return [x for x in one.operands if isinstance(x, Term) and x.operation != "constant"]


def _uses(wanted: Sequence[Term]) -> dict[Term, int]:
    """How often each term is needed, by other terms or because it is wanted."""
    found: dict[Term, int] = {}
    waiting = list(wanted)
    while waiting:
        one = waiting.pop()
        found[one] = found.get(one, 0) + 1
        if found[one] == 1:
            waiting.extend(x for x in one.operands if isinstance(x, Term))
    return found
