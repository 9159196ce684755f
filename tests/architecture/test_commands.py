"""Every command has one form: a plain function of a transaction, which `in_transaction` makes a command."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OPENS_TRANSACTIONS = {
    "services/events/seats/store.py": "reads registrations and their positions in one snapshot; changes nothing",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The modules of the services, by their path in the project."""
    for path in sorted(ROOT.joinpath("services").rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def commands(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module that are decorated with `in_transaction`."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            made_by = [ast.unparse(one.func) for one in node.decorator_list if isinstance(one, ast.Call)]
            if "in_transaction" in made_by:
                yield node


def test_no_service_opens_a_transaction_itself() -> None:
    opened = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        if name not in OPENS_TRANSACTIONS
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "transaction"
    ]
    assert opened == []


def test_no_function_of_a_transaction_stands_in_another_function() -> None:
    nested = [
        f"{name}:{inner.lineno}"
        for name, tree in modules()
        if name not in OPENS_TRANSACTIONS
        for outer in ast.walk(tree)
        if isinstance(outer, FUNCTIONS)
        for inner in ast.walk(outer)
        if inner is not outer
        and isinstance(inner, FUNCTIONS)
        and "Transaction" in {ast.unparse(arg.annotation) for arg in inner.args.args if arg.annotation}
    ]
    assert nested == []


def test_a_command_takes_the_transaction_first_and_the_time_by_name() -> None:
    found = [(name, command) for name, tree in modules() for command in commands(tree)]
    assert len(found) > 40
    otherwise = [
        f"{name}:{command.lineno} {command.name}"
        for name, command in found
        if not isinstance(command, ast.AsyncFunctionDef)
        or ast.unparse(command.args.args[0]) != "tx: Transaction"
        or "now" in {arg.arg for arg in command.args.args}
    ]
    assert otherwise == []
