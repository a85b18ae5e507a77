"""What the pages load: pinned packages, a lock file without addresses, notices of what went in, nothing fetched from elsewhere."""

from __future__ import annotations

import json
import re

import pytest

from server.settings import ROOT

DIST = ROOT / "static" / "dist"
BUNDLES = ("modeler", "viewer", "dmn", "formeditor")


def test_every_package_is_pinned_and_locked_by_its_content():
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = (ROOT / "package-lock.json").read_text()
    packages = {name: told for name, told in json.loads(lock)["packages"].items() if name}
    assert all("integrity" in told for told in packages.values())
    assert '"resolved"' not in lock


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_fetches_nothing_from_elsewhere(name):
    styles = (DIST / f"{name}.css").read_text()
    assert not re.search(r"url\(\s*['\"]?(https?:)?//", styles)
    assert "@import" not in styles


def test_bundles_are_small_enough_for_their_page():
    assert (DIST / "viewer.js").stat().st_size < 230_000
    assert (DIST / "modeler.js").stat().st_size < 2_000_000


def test_the_notices_name_every_package_with_its_licence():
    notices = (DIST / "THIRD-PARTY.txt").read_text()
    for name in ("bootstrap", "bpmn-js", "diagram-js", "dmn-js", "@bpmn-io/form-js-viewer", "@bpmn-io/properties-panel", "preact"):
        assert re.search(rf"^{re.escape(name)} \d", notices, re.MULTILINE), name
    assert "bpmn.io" in notices
    assert not re.search(r"^\S+ \S+ \(voir ci-dessous\)\n=+\n\n=", notices, re.MULTILINE)


@pytest.mark.parametrize("source", sorted((ROOT / "static" / "src").glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_short_and_say_why_they_exist(source):
    text = source.read_text()
    assert text.startswith("// ")
    assert text.count("\n") <= 400
    assert not re.search(r"\beval\(|new Function\(|document\.write", text)
