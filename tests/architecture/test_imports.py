"""Who may import whom: the contracts hold on this tree, and each of them catches what it is there for."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("shared", "services", "gateway", "deploy", "tests/architecture")

# Contract, file, and the line planted in it, which the contract forbids.
PLANTS = [
    ("floors", "shared/planted.py", "import services.events"),
    ("floors", "shared/planted_too.py", "import gateway.graph"),
    ("floors", "shared/planted_three.py", "import deploy.local"),
    ("floors", "services/events/planted_up.py", "import gateway.graph"),
    ("floors", "services/events/planted_out.py", "import deploy.local"),
    ("floors", "gateway/planted.py", "import services.events"),
    ("floors", "gateway/planted_out.py", "import deploy.local"),
    ("services", "services/events/planted.py", "import services.learning"),
    ("services", "services/membership/planted.py", "import services.notify"),
    ("seats", "services/events/events/planted_seats.py", "import services.events.registrations.commands"),
    ("driver", "shared/planted_driver.py", "import pymongo"),
    ("driver", "services/events/planted_driver.py", "from bson import ObjectId"),
    ("driver", "gateway/planted_driver.py", "import motor.motor_asyncio"),
    ("broker", "services/events/planted_broker.py", "import aio_pika"),
    ("gateway-owns-no-data", "gateway/planted_data.py", "import shared.mongo"),
    ("gateway-owns-no-data", "gateway/planted_outbox.py", "from shared.messaging.outbox import Outbox"),
    ("model", "services/events/planted/model.py", "import shared.mongo"),
    ("model", "services/events/planted_clock/model.py", "import shared.clock"),
    ("model", "services/events/planted_library/model.py", "import aiohttp"),
    ("model", "services/events/planted_store/model.py", "import services.events.planted.store"),
    ("model", "services/events/planted_beside/model.py", "import services.events.planted_beside.rules"),
    ("store", "services/events/planted/store.py", "import shared.auth"),
    ("store", "services/events/planted_rules/store.py", "import services.events.planted.commands"),
    ("commands", "services/events/planted/commands.py", "import fastapi"),
    ("commands", "services/events/planted_clock/commands.py", "import shared.clock"),
    ("commands", "services/events/planted_wire/commands.py", "import shared.messaging.broker"),
    ("routes", "services/events/planted/routes.py", "import shared.mongo"),
    ("routes", "services/events/planted_wire/routes.py", "import shared.messaging.envelope"),
    ("reactions", "services/events/planted/reactions.py", "import services.events.planted.routes"),
    ("reactions", "services/events/planted_web/reactions.py", "import fastapi"),
    ("web", "services/events/planted_web.py", "import fastapi"),
    ("web", "services/events/planted/store.py", "import starlette.requests"),
    ("feature", "services/events/planted_wiring.py", "import services.events.planted.routes"),
    ("feature", "services/events/planted/store.py", "import services.events.events.feature"),
]


def contracts() -> dict[str, str]:
    """The name of every contract by its id."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in configured["contracts"]}


def lint_imports(tree: Path) -> tuple[int, str]:
    """The exit code and the words of lint-imports in a tree."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env={**os.environ, "COLUMNS": "500", "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What lint-imports says against each contract in a copy of the tree in which every violation is planted."""
    tree = tmp_path_factory.mktemp("planted")
    for folder in CODE:
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for _, file, line in PLANTS:
        planted = tree / file
        planted.parent.mkdir(exist_ok=True)
        planted.parent.joinpath("__init__.py").touch()
        already = planted.read_text() if planted.exists() else ""
        planted.write_text(f"{already}\n{line}\n")
    # A file beside the table's own is bound by the rules of who imports it.
    tree.joinpath("services/events/planted_beside/rules.py").write_text("import shared.mongo\n")
    code, said = lint_imports(tree)
    assert code == 1, said
    found, current = dict.fromkeys(contracts(), ""), ""
    names = {name: id_ for id_, name in contracts().items()}
    for line in said.partition("Broken contracts")[2].splitlines():
        if line.strip() in names:
            current = names[line.strip()]
        elif current:
            found[current] += line + "\n"
    return found


def test_this_tree_keeps_every_contract() -> None:
    code, said = lint_imports(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(("contract", "file", "line"), PLANTS, ids=[f"{id_}: {line}" for id_, _, line in PLANTS])
def test_a_planted_violation_is_caught(contract: str, file: str, line: str, complaints: dict[str, str]) -> None:
    words = line.split()
    imported = words[1] if words[0] == "import" else words[1].partition(" ")[0]
    about = [said for said in complaints[contract].splitlines() if module(file) in said]
    assert any(imported in said or imported.partition(".")[0] in said for said in about), complaints[contract]


def test_every_contract_has_a_violation_planted() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(contracts())
