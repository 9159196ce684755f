"""The compose file runs the same product, told the same settings. Read as text: no Docker is needed."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.reference.settings import FOR_COMPOSE, is_secret
from deploy.local.mongo import REPLICA_SET, TRANSACTION_SECONDS
from shared.settings import SERVICES, Settings, variable
from tests.support.parts import MONGO_IMAGE, RABBITMQ_IMAGE

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
APPLICATIONS = [*SERVICES, "gateway"]
OURS = [name for name, part in PARTS.items() if part["image"] == "mycelium:local"]
SETTINGS = {variable(name): field for name, field in Settings.model_fields.items()}
ASKED = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def environment(part: str) -> dict[str, str | None]:
    given: dict[str, str | None] = PARTS[part].get("environment", {})
    return given


def asked_for() -> list[tuple[str, str, str]]:
    """Each `${NAME…}` of the file: its name, `?` or `-` or nothing, and the sentence or default behind that."""
    return [(match[1], match[2] or "", match[3] or "") for match in ASKED.finditer(str(COMPOSE["services"]))]


def test_the_product_is_all_there() -> None:
    assert set(APPLICATIONS) <= set(OURS)
    assert {PARTS[name]["image"].partition(":")[0] for name in PARTS} == {
        "mycelium",
        "mongo",
        "rabbitmq",
        "caddy",
        "axllent/mailpit",
    }


@pytest.mark.parametrize("part", OURS)
def test_every_variable_is_a_setting(part: str) -> None:
    assert set(environment(part)) <= set(SETTINGS)


@pytest.mark.parametrize("part", OURS)
def test_every_setting_that_must_be_set_is(part: str) -> None:
    needed = {name for name, field in SETTINGS.items() if field.is_required()}
    assert needed <= {name for name, value in environment(part).items() if value}


def test_every_setting_can_be_set_from_outside() -> None:
    assert set().union(*(environment(part) for part in APPLICATIONS)) == set(SETTINGS)


def test_the_key_that_signs_tokens_is_given_to_membership_and_the_demo_alone() -> None:
    assert {part for part in OURS if "MYCELIUM_SIGNING_KEY" in environment(part)} == {"membership", "demo"}


def test_fixed_values_are_ones_the_settings_take() -> None:
    for part in OURS:
        fixed: dict[str, Any] = {
            name.removeprefix("MYCELIUM_").lower(): ASKED.sub("A" * 43, value)
            for name, value in environment(part).items()
            if value
        }
        Settings(_env_file=None, **fixed)


def test_secrets_come_from_outside_and_the_sentence_says_what_to_do() -> None:
    secrets = {name for name, field in SETTINGS.items() if is_secret(field)} | {"RABBITMQ_PASSWORD"}
    asked = [one for one in asked_for() if one[0] in secrets]
    assert {name for name, _, _ in asked} == secrets
    for name, sign, sentence in asked:
        assert sign == "?"
        assert re.fullmatch(rf"Set {name} in \.env, see \.env\.example\.", sentence)


def test_whatever_is_asked_for_is_in_the_example() -> None:
    assert {name for name, _, _ in asked_for()} <= set(SETTINGS) | {name for name, *_ in FOR_COMPOSE}
    defaults = {name: default for name, _, default, _ in FOR_COMPOSE if default}
    assert {name: default for name, sign, default in asked_for() if name in defaults and sign == "-"} == defaults


@pytest.mark.parametrize("part", APPLICATIONS)
def test_an_application_serves_a_module_of_this_repository_on_its_port(part: str) -> None:
    port_option, *target = PARTS[part]["command"]
    if part == "gateway":
        assert PARTS[part]["entrypoint"][:3] == ["python", "-m", "gateway"]
        assert target == []
        assert (ROOT / "gateway" / "__main__.py").exists()
    else:
        module, _, factory = target[0].partition(":")
        assert PARTS[part]["entrypoint"][0] == "uvicorn"
        assert "--factory" in PARTS[part]["entrypoint"]
        assert factory == "create_app"
        assert ROOT.joinpath(*module.split(".")).with_suffix(".py").exists()
    port = port_option.removeprefix("--port=")
    assert PARTS[part]["healthcheck"]["test"] == ["CMD", "bash", "deploy/health.sh", port]
    told = {value for other in APPLICATIONS for name, value in environment(other).items() if name.endswith("_URL")}
    assert part == "gateway" or f"http://{part}:{port}" in told


def test_the_door_leads_to_the_gateway() -> None:
    caddyfile = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()
    port = PARTS["gateway"]["command"][0].removeprefix("--port=")
    assert f"reverse_proxy gateway:{port}" in caddyfile
    mounted = [volume.split(":")[0] for volume in PARTS["caddy"]["volumes"] if volume.startswith("./")]
    assert all((ROOT / path).is_file() for path in mounted)


def test_one_shots_run_something_that_exists() -> None:
    assert PARTS["demo"]["entrypoint"][:3] == ["python", "-m", "deploy.demo"]
    assert importlib.util.find_spec("deploy.demo.__main__") is not None
    assert PARTS["tools"]["entrypoint"] == ["mycelium"]
    assert all(PARTS[name]["profiles"] and PARTS[name]["restart"] == "no" for name in ("demo", "tools"))


def test_everything_that_stays_up_says_whether_it_is_well() -> None:
    assert [name for name, part in PARTS.items() if "profiles" not in part and "healthcheck" not in part] == []


def test_everything_waits_until_what_it_needs_is_well() -> None:
    for name, part in PARTS.items():
        for needed, how in part.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, name
            assert "healthcheck" in PARTS[needed], needed
    assert {"mongo", "rabbitmq"} <= set.intersection(*(set(PARTS[name]["depends_on"]) for name in SERVICES))
    assert set(SERVICES) <= set(PARTS["gateway"]["depends_on"])


def test_only_caddy_can_be_reached_from_elsewhere() -> None:
    published = {name: part["ports"] for name, part in PARTS.items() if "ports" in part}
    assert set(published) == {"caddy", "mailpit"}
    assert all(port.startswith("127.0.0.1:") for port in published["mailpit"])
    assert PARTS["mongo"]["networks"] == PARTS["rabbitmq"]["networks"] == ["parts"]


def test_this_machine_has_no_address_in_the_network_of_the_parts() -> None:
    """With `internal` alone the bridge has one, and every account of the machine reaches a MongoDB without password."""
    network = COMPOSE["networks"]["parts"]
    assert network["internal"] is True
    assert network["driver_opts"] == {"com.docker.network.bridge.inhibit_ipv4": "true"}


@pytest.mark.parametrize("part", PARTS)
def test_logs_rotate_and_memory_has_a_limit(part: str) -> None:
    assert PARTS[part]["logging"] == {"driver": "local", "options": {"max-size": "20m", "max-file": "5"}}
    assert re.fullmatch(r"[1-9]\d*m", PARTS[part]["mem_limit"])


def test_mongodb_and_rabbitmq_keep_well_below_their_limits() -> None:
    (cache,) = [word for word in PARTS["mongo"]["command"] if word.startswith("--wiredTigerCacheSizeGB=")]
    assert float(cache.partition("=")[2]) * 1024 * 2 <= int(PARTS["mongo"]["mem_limit"].rstrip("m"))
    conf = (ROOT / "deploy" / "rabbitmq" / "limits.conf").read_text()
    (known,) = re.findall(r"^total_memory_available_override_value = (\d+)MB$", conf, re.MULTILINE)
    assert int(known) <= int(PARTS["rabbitmq"]["mem_limit"].rstrip("m"))


def test_asking_after_health_is_cheap() -> None:
    """A check starts a program each time: `mongosh` every 5 s was 18 % of a core, `rabbitmq-diagnostics` 13 %."""
    tests = {name: part["healthcheck"]["test"] for name, part in PARTS.items() if "healthcheck" in part}
    assert {name for name, test in tests.items() if test[:2] != ["CMD", "bash"]} == {"caddy", "mailpit"}


def test_http_3_is_published_where_it_is_advertised() -> None:
    """Caddy advertises it at the port it listens on."""
    port = "${HTTPS_PORT:-8443}"
    assert {f"{port}:{port}", f"{port}:{port}/udp"} <= set(PARTS["caddy"]["ports"])
    assert environment("caddy")["HTTPS_PORT"] == port
    assert "https_port {$HTTPS_PORT:8443}" in (ROOT / "deploy" / "caddy" / "Caddyfile").read_text()


def test_where_mail_goes_has_no_default() -> None:
    """A mail catcher by default would take a real network's mail without a word."""
    sentence = "Set MYCELIUM_SMTP_URL in .env, see .env.example."
    assert [one for one in asked_for() if one[0] == "MYCELIUM_SMTP_URL"] == [("MYCELIUM_SMTP_URL", "?", sentence)]


def test_mongodb_is_told_what_the_local_one_is() -> None:
    told = PARTS["mongo"]["command"]
    assert f"--replSet={REPLICA_SET}" in told
    assert f"--setParameter=transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}" in told


def test_the_tests_run_on_the_same_versions() -> None:
    assert (PARTS["mongo"]["image"], PARTS["rabbitmq"]["image"]) == (MONGO_IMAGE, RABBITMQ_IMAGE)


def test_volumes_and_networks_are_declared() -> None:
    for part in PARTS.values():
        named = {volume.partition(":")[0] for volume in part.get("volumes", []) if not volume.startswith("./")}
        assert named <= set(COMPOSE["volumes"])
        assert set(part.get("networks", [])) <= set(COMPOSE["networks"])


def test_the_image_copies_what_it_runs_and_is_not_root() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", dockerfile, re.MULTILINE)
    assert dockerfile.count("uv sync --frozen --no-dev") == 2
    ignored = (ROOT / ".dockerignore").read_text().split()
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists()
            assert f"!{name}" in ignored
