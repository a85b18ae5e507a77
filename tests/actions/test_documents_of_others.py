"""An answer may only name a document of its own case."""

import pytest

from server.actions.add_document import add_document
from server.actions.complete_task import complete_task
from server.kernel.errors import BadInput
from server.kernel.ids import new_id
from server.queries.inbox import InboxFilter, inbox_page
from tests.small_packages import end, flow, form, package, task

PDF = b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.mark.parametrize("whose", ["mine", "another's"])
def test_a_document_of_another_case_cannot_be_named_in_an_answer(world, whose):
    said = {"type": "filepicker", "key": "pieces", "label": "Pièces", "multiple": True}
    world.publish(
        package(
            "pieces", flow("debut>joindre"), task("joindre", form="pieces"), flow("joindre>fin"), end("fin"), forms=(form("pieces", said),)
        )
    )
    agent = world.agent()
    for _ in range(2):
        world.case("pieces")
    rows = inbox_page(world.jalon, agent, InboxFilter("prendre"), now=world.now).rows
    here, there = rows[0], rows[1]
    kept = add_document(world.jalon, agent, (here if whose == "mine" else there).task_id, "piece.pdf", "application/pdf", PDF, world.now)
    answers = {"pieces": [{"nom": "piece.pdf", "type": "application/pdf", "taille": len(PDF), "document": kept}]}

    def send():
        return complete_task(world.jalon, agent, here.task_id, answers, here.version, new_id(), world.now)

    if whose == "mine":
        assert send().task_id == here.task_id
    else:
        with pytest.raises(BadInput, match="n'est pas un document de ce dossier"):
            send()
