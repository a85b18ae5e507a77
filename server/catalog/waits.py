"""Says which nodes stop a token until something comes from outside."""

from __future__ import annotations

from server.catalog.diagram import Node

YES = frozenset({"oui", "true"})


def is_wait(node: Node) -> bool:
    """True for an agent's task, a caught event, an event gateway, a called process, a sub-process, or an outside call that is waited for."""
    if node.type in ("userTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity", "subProcess"):
        return True
    return node.type in ("serviceTask", "sendTask") and node.properties.get("attendre", "") in YES
