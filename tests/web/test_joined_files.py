"""Files joined to a form: kept in the case once the answers are right, refused by what they are."""

from __future__ import annotations

import io

import pytest

from server.store.sql import select
from server.store.tables import document
from server.store.work import reading
from tests.small_packages import end, flow, form, package, task
from tests.web.visiting import site_on

PIECES = form(
    "pieces",
    {"type": "textfield", "key": "note", "label": "Note", "validate": {"required": True}},
    {"type": "filepicker", "key": "justificatifs", "label": "Justificatifs", "accept": ".pdf", "multiple": True},
)


@pytest.fixture
def opened(world):
    """A visitor before a task that takes files, the task, and what the case keeps."""
    world.publish(package("pieces", flow("debut>pieces"), task("pieces", form="pieces"), flow("pieces>fin"), end("fin"), forms=(PIECES,)))
    case, site = world.case("pieces"), site_on(world)
    visitor = site.visitor(world.agent())
    (waiting,) = site.tasks(case.case_id)

    def send(*files, note="vu"):
        sent = {"justificatifs": [(io.BytesIO(content), name) for name, content in files], "note": note}
        return visitor.post(
            f"/taches/{waiting.id}", {**sent, "seen_version": str(waiting.version), "key": "cle"}, content_type="multipart/form-data"
        )

    def kept():
        with reading(world.jalon.database) as work:
            return [(row.title, bytes(row.content)) for row in work.rows(select(document).where(document.c.case_id == case.case_id))]

    return send, kept


def test_files_are_kept_in_the_case_with_the_answers(opened):
    send, kept = opened
    assert send(("bail.pdf", b"%PDF-1.7 bail"), ("rib.pdf", b"%PDF-1.7 rib")).status_code == 303
    assert sorted(kept()) == [("bail.pdf", b"%PDF-1.7 bail"), ("rib.pdf", b"%PDF-1.7 rib")]


def test_a_file_that_lies_on_its_kind_is_refused_and_nothing_is_kept(opened):
    send, kept = opened
    answer = send(("bail.pdf", b"MZ\x90 un programme"))
    assert answer.status_code == 422
    assert "n&#39;est pas ce que dit son nom" in answer.text
    assert kept() == []


def test_files_beside_a_refused_answer_are_not_kept(opened):
    send, kept = opened
    assert send(("bail.pdf", b"%PDF-1.7"), note="").status_code == 422
    assert kept() == []
