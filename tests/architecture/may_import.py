"""import-linter's `may_import` contract: these modules import what is listed, the standard library, and nothing else.

The table of feature files in the architecture says what each may import; import-linter's own contracts can only say
what may not be. A file beside the table's own (`deliveries/schedule.py`) is bound by the rules of whoever imports it.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

TABLE = frozenset({"model", "store", "commands", "routes", "reactions", "app", "feature"})


class MayImport(Contract):
    """
    - modules: whose imports are looked at, such as `services.*.*.model`.
    - allowed: what they may import. `*` stands for one part of a name, `**` for any number; a leading `~` for the
      importer's own service, the first two parts of its name.
    """

    type_name = "may_import"

    modules: Any = fields.SetField(subfield=fields.StringField())
    allowed: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at what every matching module imports, by itself or through files of its service beside the table."""
        chains = [
            chain
            for module in sorted(graph.modules)
            if any(_matches(pattern, module) for pattern in self.modules)
            for chain in self._too_much(graph, [module])
        ]
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which import is too much."""
        for importer, *through, imported in check.metadata["chains"]:
            way = f" (through {', '.join(through)})" if through else ""
            output.print_error(f"{importer} may not import {imported}{way}", bold=False)
        output.new_line()

    def _too_much(self, graph: ImportGraph, chain: list[str]) -> Iterator[list[str]]:
        service = ".".join(chain[0].split(".")[:2])
        allowed = [pattern.replace("~", service) for pattern in self.allowed]
        for imported in sorted(graph.find_modules_directly_imported_by(chain[-1])):
            if imported.partition(".")[0] in sys.stdlib_module_names or imported in chain:
                continue
            if any(_matches(pattern, imported) for pattern in allowed):
                continue
            if imported.startswith(f"{service}.") and imported.rpartition(".")[2] not in TABLE:
                yield from self._too_much(graph, [*chain, imported])
            else:
                yield [*chain, imported]


def _matches(pattern: str, module: str) -> bool:
    expression = re.escape(pattern).replace(r"\.\*\*", r"(\.\w+)*").replace(r"\*", r"\w+")
    return re.fullmatch(expression, module) is not None
