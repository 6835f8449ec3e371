"""As much of CloudWatch's metric math as the scaling of queue workers uses: + - * / < >, IF and FILL.

A time series is a list with one value a minute, None where there is no datapoint. What is computed from a missing
datapoint is missing, and so is what is divided by zero.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from modules.cloudwatch.metrics import Expression

Series = Sequence[float | None]

OPERATORS: Mapping[type[ast.operator | ast.cmpop], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
}


def evaluate(expressions: Sequence[Expression], metrics: Mapping[str, Series]) -> Series:
    """Return the last of ``expressions``, each of which may use those before it."""
    known = dict(metrics)
    for expression in expressions:
        known[expression.id] = _series(_parsed(expression.expression), known)
    return known[expressions[-1].id]


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _series(node: ast.expr, known: Mapping[str, Series]) -> Series:
    length = len(next(iter(known.values())))
    match node:
        case ast.Constant(value=int() | float() as value):
            return [float(value)] * length
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            pairs = zip(_series(left, known), _series(right, known), strict=True)
            return [_combined(OPERATORS[type(op)], *pair) for pair in pairs]
        case ast.Call(func=ast.Name(id="FILL"), args=[filled, ast.Name(id="REPEAT")]):
            return _repeated(_series(filled, known))
        case ast.Call(func=ast.Name(id="FILL"), args=[filled, value]):
            pairs = zip(_series(filled, known), _series(value, known), strict=True)
            return [other if item is None else item for item, other in pairs]
        case ast.Call(func=ast.Name(id="IF"), args=[condition, *branches]):
            rows = zip(_series(condition, known), *(_series(branch, known) for branch in branches), strict=True)
            return [None if test is None else (yes if test else no) for test, yes, no in rows]
    raise ValueError(f"{ast.unparse(node)} is not metric math that is known here")


def _combined(operation: Callable[[float, float], float], left: float | None, right: float | None) -> float | None:
    if left is None or right is None or (operation is operator.truediv and right == 0):
        return None
    return float(operation(left, right))


def _repeated(series: Series) -> Series:
    filled: list[float | None] = []
    for item in series:
        filled.append(item if item is not None or not filled else filled[-1])
    return filled
