"""Source text becomes its mutants: the same module with one thing changed that a test should notice.

The operators are the usual ones of mutation testing (Jia and Harman, 2011, "An Analysis and Survey of the
Development of Mutation Testing", section 3): comparisons, logic, arithmetic, constants, conditions, return
values, and statements left out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_BUILTINS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
_UNSEEN = ("annotation", "returns", "decorator_list", "type_comment")  # fields that do nothing


@dataclass(frozen=True)
class Mutant:
    """One changed module; `before` and `after` are the changed code in a line each."""

    line: int
    before: str
    after: str
    tree: ast.Module


Change = tuple[ast.AST, str, int | None, ast.AST]  # parent, field, place in it, what comes there


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    for number in range(len(list(_changes(ast.parse(source))))):
        tree = ast.parse(source)
        parent, field, place, new = list(_changes(tree))[number]
        old = getattr(parent, field) if place is None else getattr(parent, field)[place]
        before, line = _in_a_line(old), getattr(old, "lineno", getattr(parent, "lineno", 0))
        if place is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[place] = new
        ast.fix_missing_locations(tree)
        yield Mutant(line=line, before=before, after=_in_a_line(new), tree=tree)


def _changes(node: ast.AST) -> Iterator[Change]:
    for field, value in ast.iter_fields(node):
        if field in _UNSEEN:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_docstring(node, place, child):
                continue
            for new in _replacements(child):
                yield node, field, place, new
            yield from _changes(child)


def _is_docstring(parent: ast.AST, place: int | None, child: ast.AST) -> bool:
    return (
        place == 0
        and isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(child, ast.Expr)
        and isinstance(child.value, ast.Constant)
    )


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    for kind, replace in _OPERATORS.items():
        if isinstance(node, kind):
            yield from replace(node)


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, operators, node.comparators)


def _logic(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if other := _ARITHMETIC.get(type(node.op)):
        yield ast.BinOp(node.left, other(), node.right)


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int() | float():
            yield ast.Constant(node.value + 1)
        case str():
            yield ast.Constant("" if node.value else "mutant")


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    if not isinstance(node.test, ast.Compare | ast.UnaryOp):  # those are negated already
        negated = ast.UnaryOp(ast.Not(), node.test)
        yield type(node)(**{**dict(ast.iter_fields(node)), "test": negated})


def _result(node: ast.Return) -> Iterator[ast.AST]:
    if node.value and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))
    if isinstance(node.value, ast.Tuple):  # a key to sort by, most often
        for place in range(len(node.value.elts)):
            rest = [*node.value.elts[:place], *node.value.elts[place + 1 :]]
            yield ast.Return(ast.Tuple(rest, ast.Load()))


def _call(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and (other := _BUILTINS.get(node.func.id)):
        yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
        for keyword in node.keywords:
            yield ast.Call(
                node.func, node.args, [each for each in node.keywords if each != keyword]
            )


def _left_out(node: ast.stmt) -> Iterator[ast.AST]:
    yield ast.Pass()


_OPERATORS: dict[type | tuple[type, ...], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _sign,
    ast.Constant: _constant,
    (ast.If, ast.IfExp, ast.While): _condition,
    ast.Return: _result,
    ast.Call: _call,
    (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete): _left_out,
}


def _in_a_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:90]
