"""Metrics: what they count, and that documentation, dashboard and alerts name those that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from app.observing.metrics import ApiMetrics, Caches, uses_of
from app.observing.names import OTHER, UNNAMED, Names
from reads.cache import Cache
from telemetry.process import ProcessMetrics
from telemetry.tallies import Counts, Tallies
from tests.unit.test_docs import quoted, table
from workers.metrics import WorkerMetrics

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "ops" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "ops" / "grafana" / "sluice.json"
SUFFIXES = {"counter": "_total", "info": "_info"}
OF_HISTOGRAMS = ("_bucket", "_sum", "_count")


def families(*metrics: ProcessMetrics) -> dict[str, tuple[str, str]]:
    """Kind and meaning of each of our metrics, by the names that queries use."""
    found = [family for each in metrics for family in each.registry.collect()]
    return {
        family.name + SUFFIXES.get(family.type, ""): (family.type, family.documentation)
        for family in found
        if family.name.startswith("sluice_")
    }


def known() -> set[str]:
    """All names that queries may use."""
    ours = families(ApiMetrics(), WorkerMetrics())
    histograms = {name + suffix for name, (kind, _) in ours.items() if kind == "histogram" for suffix in OF_HISTOGRAMS}
    return {name for name, (kind, _) in ours.items() if kind != "histogram"} | histograms


def named(expression: str) -> set[str]:
    return set(re.findall(r"\bsluice_\w+", expression))


def expressions(node: object) -> Iterator[str]:
    """All queries of a dashboard or of a file of rules."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "expr")
        yield from (found for value in node.values() for found in expressions(value))
    elif isinstance(node, list):
        yield from (found for value in node for found in expressions(value))


@pytest.mark.parametrize("file", [ALERTS, DASHBOARD], ids=lambda file: file.name)
def test_every_metric_that_is_asked_for_exists(file: Path) -> None:
    text = file.read_text("utf-8")
    queries = list(expressions(yaml.safe_load(text) if file.suffix == ".yml" else json.loads(text)))
    asked = set().union(*map(named, queries))
    assert len(queries) > 5
    assert asked - known() == set()
    assert file is ALERTS or len(known() - asked) < len(known()) / 2


def test_the_documentation_has_every_metric_with_its_kind_and_meaning() -> None:
    page = ROOT / "docs" / "operations.md"
    rows = {quoted(row[0])[0]: (row[1], row[3]) for row in table(page, "metric", "kind")}
    api, worker = families(ApiMetrics()), families(WorkerMetrics())
    assert rows == {name: (kind, meaning) for name, (kind, meaning) in {**api, **worker}.items()}


def test_the_documentation_says_what_to_do_about_every_alert() -> None:
    page = ROOT / "docs" / "operations.md"
    rules = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
    assert [quoted(row[0])[0] for row in table(page, "alert")] == [rule["alert"] for rule in rules]


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    taken = set()
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not taken & cells, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_a_tally_is_a_histogram_whose_buckets_add_up() -> None:
    registry = CollectorRegistry()
    tally = Tallies(registry, "seconds", "Some.", ["of"], (1.0, 2.0)).of("this")
    for seconds in (0.5, 1.0, 1.5, 9.0):
        tally.add(seconds)
    told = generate_latest(registry).decode()
    assert 'seconds_bucket{le="1.0",of="this"} 2.0' in told
    assert 'seconds_bucket{le="2.0",of="this"} 3.0' in told
    assert 'seconds_bucket{le="+Inf",of="this"} 4.0' in told
    assert 'seconds_count{of="this"} 4.0' in told
    assert 'seconds_sum{of="this"} 12.0' in told


def test_a_count_adds_up_and_begins_at_nothing_where_it_has_no_labels() -> None:
    registry = CollectorRegistry()
    labelled = Counts(registry, "things", "Some.", ["of"])
    Counts(registry, "others", "Some.")
    labelled.add("this")
    labelled.add("this", amount=4)
    told = generate_latest(registry).decode()
    assert 'things_total{of="this"} 5.0' in told
    assert "others_total 0.0" in told


def test_a_cache_counts_what_it_finds_and_what_makes_room() -> None:
    registry, cache = CollectorRegistry(), Cache[str, int](2)
    Caches(registry).watched = {"some": uses_of(cache)}
    for key in ("a", "b", "c"):
        cache.put(key, 1)
    assert (cache.get("a"), cache.get("c")) == (None, 1)
    told = generate_latest(registry).decode()
    assert 'sluice_cache_lookups_total{cache="some",result="hit"} 1.0' in told
    assert 'sluice_cache_lookups_total{cache="some",result="miss"} 1.0' in told
    assert 'sluice_cache_evictions_total{cache="some"} 1.0' in told
    assert 'sluice_cache_entries{cache="some"} 2.0' in told


def test_names_of_operations_are_few_whatever_clients_send() -> None:
    names = Names(frozenset({"trusted text"}), most=2)
    for number in range(5):
        names.learn(f"Name{number}", "text")
    names.learn("x" * 1_000, "trusted text")
    names.learn("Trusted", "trusted text")
    assert [names.of(f"Name{number}") for number in range(4)] == ["Name0", "Name1", OTHER, OTHER]
    assert (names.of("Trusted"), names.of(""), names.of("x" * 1_000)) == ("Trusted", UNNAMED, OTHER)
