"""`python -m benchmarks`: which benchmarks there are, and what it says to a name that it does not know."""

from __future__ import annotations

import ast

import pytest

from benchmarks import __main__ as benchmarks


def test_every_benchmark_has_a_run() -> None:
    for name in benchmarks.names():
        tree = ast.parse((benchmarks.FOLDER / f"bench_{name}.py").read_text("utf-8"))
        assert "run" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def test_an_unknown_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks.main(["no_such"]) == 2
    assert "no_such" in capsys.readouterr().err


def test_a_named_benchmark_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks.main(["places"]) == 0
    assert "first village name" in capsys.readouterr().out
