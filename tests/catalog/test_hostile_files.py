"""Whatever a file holds, the lint answers with sentences: it never breaks, and what it lets pass the engine can read."""

import random
import re
import time

import pytest

from server import engine
from server.catalog import lint, package_from_files, refused
from server.catalog.rules import ALL_RULES
from server.kernel.errors import JalonError, ModelError
from tests.catalog.bundles import OTHERS, bundle, example

CODES = [rule.CODE for rule in ALL_RULES]
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><definitions>&b;</definitions>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a>",
        b"\x00\xff",
        LAUGHS,
        LAUGHS.decode().replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        b"<a>" * 5_000 + b"</a>" * 5_000,
        b"<a>" + b"x" * 2_100_000 + b"</a>",
    ],
    ids=["empty", "text", "open", "binary", "laughs", "laughs in UTF-16", "deep", "long"],
)
def test_a_file_that_is_not_plain_xml_is_refused_with_a_sentence(content):
    found = lint(bundle(content))
    assert [f.rule for f in found if f.file == "process.bpmn"] == ["xml-dangereux"]
    assert refused(found)


@pytest.mark.parametrize("content", [b"<a/>", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'])
def test_an_xml_without_a_process_is_refused(content):
    assert "processus-non-executable" in {f.rule for f in lint(bundle(content))}


@pytest.mark.parametrize("code", CODES)
def test_a_damaged_diagram_never_breaks_the_lint(code):
    text = example(code, "juste")["process.bpmn"].decode()
    attributes = re.findall(r'(?<= )\w[\w:]*="[^"]*"', text)
    elements = re.findall(r"<bpmn:(?:incoming|outgoing|\w+EventDefinition)[^>]*>", text)
    draw = random.Random(code)
    for _ in range(25):
        damaged = text
        for part in draw.sample(attributes + elements, 3):
            damaged = damaged.replace(part, draw.choice(["", 'x=""', part.swapcase()]), 1)
        for finding in lint(bundle(damaged.encode()), OTHERS):
            assert finding.message


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("which", ["faux", "juste"])
def test_what_the_lint_lets_pass_the_engine_can_read(code, which):
    files = example(code, which)
    if not refused(lint(files, OTHERS)):
        assert engine.read_definition(files).process_id == "exemple"


def test_what_the_engine_refuses_the_lint_refuses_too():
    refusals = 0
    for code in CODES:
        files = example(code, "faux")
        try:
            engine.read_definition(files)
        except JalonError:
            refusals += 1
            assert refused(lint(files, OTHERS)), code
    assert refusals > 5


def test_a_script_in_a_name_stays_text_in_the_finding():
    (finding,) = [f for f in lint(example("balise-dans-un-nom", "faux"), OTHERS) if f.rule == "balise-dans-un-nom"]
    assert "onerror" in finding.name
    assert "<" not in finding.message


def wide(nodes, flows):
    """A process of many gateways joined at random."""
    draw = random.Random(nodes)
    gateways = "".join(f'<bpmn:{draw.choice(["exclusive", "parallel"])}Gateway id="g{n}" />' for n in range(nodes))
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{"s" if n == 0 else f"g{draw.randrange(nodes)}"}" targetRef="g{draw.randrange(nodes)}" />'
        for n in range(flows)
    )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"><bpmn:process id="exemple" isExecutable="true">'
        f'<bpmn:startEvent id="s" />{gateways}{arrows}</bpmn:process></bpmn:definitions>'
    ).encode()


def test_a_diagram_of_thousands_of_elements_is_examined_in_seconds():
    began = time.process_time()
    assert refused(lint(bundle(wide(900, 2_000))))
    assert time.process_time() - began < 3


def test_a_diagram_of_more_than_three_thousand_elements_is_refused_at_once():
    (finding,) = [f for f in lint(bundle(wide(2_000, 1_500))) if f.file == "process.bpmn"]
    assert "3000 éléments" in finding.message


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("forms/x.form", DEEP.encode()),
        ("forms/x.form", b"\xff"),
        ("package.toml", f"id = {DEEP}".encode()),
        ("package.toml", b"\xff"),
        ("decisions/x.dmn", b"<a>" * 200 + b"</a>" * 200),
        (
            "decisions/x.dmn",
            b"<definitions><decision id='x'><literalExpression><text>"
            + b"(" * 50_000
            + b"</text></literalExpression></decision></definitions>",
        ),
        ("letters/convocation.md", b"\xff\xfe"),
        ("forms/x.form", b'{"id": "x", "components": [{"components": 3}, 4, {"key": 5}]}'),
        ("forms/x.form", b'{"id": "x", "components": {"a": 1}}'),
    ],
)
def test_any_other_file_may_hold_anything(name, content):
    for finding in lint({**example("fichier-inutilise", "juste"), name: content}):
        assert finding.message


def test_a_text_that_is_not_unicode_is_refused():
    with pytest.raises(ModelError):
        package_from_files({"README.md": "\ud800"})


def test_a_letter_that_is_not_utf_8_is_told():
    with pytest.raises(ModelError, match="UTF-8"):
        package_from_files({"letters/x.md": b"\xff"}).letter("x")


def test_a_sub_process_that_holds_itself_does_not_hold_the_lint():
    inner = '<bpmn:subProcess id="exemple"><bpmn:userTask id="t"><bpmn:extensionElements><zeebe:taskSchedule dueDate="= venu"/></bpmn:extensionElements></bpmn:userTask>'
    head = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
    whole = f'{head}<bpmn:process id="exemple" isExecutable="true">{inner}</bpmn:subProcess></bpmn:process></bpmn:definitions>'
    assert "identifiant-double" in {f.rule for f in lint(bundle(whole.encode()))}
