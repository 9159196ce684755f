"""`.env.example` says a sentence on every setting, and means what the settings mean."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr

from deploy.cli.reference.settings import FOR_COMPOSE, env_example
from shared.settings import Settings, variable

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
LINE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$")


def settled() -> dict[str, tuple[str, list[str]]]:
    """Each name in the example: its value, and the comment lines right above it."""
    found: dict[str, tuple[str, list[str]]] = {}
    above: list[str] = []
    for line in EXAMPLE.splitlines():
        if match := LINE.match(line):
            found[match[1]] = (match[2], above)
            above = []
        else:
            above = [*above, line] if line.startswith("# ") else []
    return found


def test_the_committed_file_is_the_one_the_settings_make() -> None:
    assert env_example() == EXAMPLE


def test_every_setting_is_there_and_nothing_else() -> None:
    assert set(settled()) == {variable(name) for name in Settings.model_fields} | {name for name, *_ in FOR_COMPOSE}


def test_every_setting_has_a_sentence() -> None:
    without = [name for name, (_, about) in settled().items() if not " ".join(about).rstrip().endswith((".", "`."))]
    assert without == []
    assert all(len(field.description or "") > 20 for field in Settings.model_fields.values())


def test_the_values_shown_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uncommented, the whole file changes nothing but the secrets, which it leaves to be filled in."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    everything = tmp_path / "env"
    lines = [line.removeprefix("#") if LINE.match(line) else line for line in EXAMPLE.splitlines()]
    everything.write_text("\n".join(line for line in lines if not line.endswith("=")))
    secret = SecretStr("A" * 43)
    read = Settings(_env_file=everything, secret=secret)
    assert read == Settings(_env_file=None, secret=secret)
    assert len(dotenv_values(everything)) > 20


def test_only_secrets_must_be_filled_in() -> None:
    needed = {line.partition("=")[0] for line in EXAMPLE.splitlines() if LINE.match(line) and line[0] != "#"}
    assert needed == {"MYCELIUM_SECRET", "MYCELIUM_SIGNING_KEY", "RABBITMQ_PASSWORD"}
    assert all(settled()[name][0] == "" for name in needed)
