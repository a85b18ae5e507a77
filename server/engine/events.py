"""Events: waiting for a date or a message, boundary events, ends. SpiffWorkflow's event definitions are not used (they read the clock)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from server.engine.diagram import Element
from server.engine.formulas import Formula, text_or_expression, time_expression
from server.engine.nodes import Node
from server.engine.timing import add, cycle_of, parse_period, period_to_text
from server.kernel.errors import BadInput, ModelError
from server.kernel.facts import MESSAGE_AWAITED, MESSAGE_NO_LONGER_AWAITED, TIMER_CANCELLED, TIMER_FIRED, TIMER_SET
from server.kernel.values import Value

if TYPE_CHECKING:
    from server.engine.tokens import Token


class Catch(Node):
    """Waits for a date or a message; without either it is passed at once."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        self.when: Formula | None = None
        self.key: Formula | None = None
        if element.event.kind == "timer":
            self.when = time_expression(element.id, "minuteur", element.event.text)
        elif element.event.kind == "message" and element.event.key:
            self.key = text_or_expression(element.id, "clé du message", element.event.key)

    def arrive(self, token: Token) -> bool:
        if self.when is not None:
            return self._set_timer(token, self.when)
        if self.element.event.kind == "message":
            self._await_message(token)
            return False
        return True

    def fire(self, token: Token) -> None:
        if self.when is not None:
            token.instance.record(TIMER_FIRED, self.element.id, {"timer": token.public_id})
        token._ready()  # noqa: SLF001 - SpiffWorkflow's protocol

    def run(self, token: Token) -> None:
        gate = token.internal_data.pop("gate", None)
        if gate is not None:
            for other in list(token.workflow.tasks.values()):
                if other.internal_data.get("gate") == gate:
                    other.cancel()

    def withdraw(self, token: Token) -> None:
        if self.when is not None:
            token.instance.record(TIMER_CANCELLED, self.element.id, {"timer": token.public_id})
        elif self.element.event.kind == "message":
            token.instance.record(MESSAGE_NO_LONGER_AWAITED, self.element.id, {"subscription": token.public_id})

    def _set_timer(self, token: Token, when: Formula) -> bool:
        instance, internal = token.instance, token.internal_data
        derivation = None
        if "due" in internal:  # The next occurrence of a cycle: the date came with the token.
            due = datetime.fromisoformat(internal["due"])
        elif self.element.event.form == "cycle":
            due = self._begin_cycle(token, when)
        else:
            found, derivation = instance.moment(when, token)
            if found is None:
                raise ModelError(
                    f"Le minuteur « {self.element.name or self.element.id} » n'a pas de date ({when.where()}).", self.element.id, "minuteur"
                )
            due = found
        internal["due"] = due.isoformat()
        token.wait()
        body = {"timer": token.public_id, "due": internal["due"], "interrupting": self.element.interrupting}
        instance.record(TIMER_SET, self.element.id, body, {"derivation": dict(derivation)} if derivation else None)
        if due > instance.now:
            return False
        # A date already past fires at once.
        instance.record(TIMER_FIRED, self.element.id, {"timer": token.public_id})
        return True

    def _begin_cycle(self, token: Token, when: Formula) -> datetime:
        instance = token.instance
        try:
            cycle = cycle_of(instance.evaluate(when, token), instance.context.zone)
            due = cycle.start or add(instance.now, cycle.period, instance.context.zone)
        except BadInput as error:
            raise ModelError(f"{error} ({when.where()})", self.element.id, "minuteur") from error
        token.internal_data.update(left=cycle.left, period=period_to_text(cycle.period))
        return due

    def _await_message(self, token: Token) -> None:
        token.wait()
        event, internal = self.element.event, token.internal_data
        if "key" not in internal:
            # The key is read once, when the wait begins.
            internal["key"] = self._read_key(token, self.key) if self.key is not None else ""
        body = {"subscription": token.public_id, "name": event.name, "key": internal["key"]}
        token.instance.record(MESSAGE_AWAITED, self.element.id, body)

    def _read_key(self, token: Token, key: Formula) -> str:
        text = key_text(token.instance.evaluate(key, token))
        if not text:
            # An empty key would match any message of this name.
            raise ModelError(
                f"« {self.element.name or self.element.id} » attend un message dont la clé est vide ({key.where()}).",
                self.element.id,
                "cle-vide",
            )
        return text


def key_text(value: Value) -> str:
    """A correlation key as a text: keys are compared as texts. Null gives an empty text."""
    if value is None:
        return ""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


class Boundary(Catch):
    """An event on the edge of an activity: interrupting, it cancels the activity; else it opens a branch and waits again when it can."""

    def entered(self, token: Token) -> None:
        """The event is reached when it fires, not when it begins to wait."""

    def arrive(self, token: Token) -> bool:
        if self.element.event.kind == "error":
            token.wait()
            return False
        return super().arrive(token)

    def wakes(self) -> bool:
        return self.element.event.kind != "error"

    def catches_error(self, code: str) -> bool:
        return self.element.event.kind == "error" and self.element.event.code in ("", code)

    def run(self, token: Token) -> None:
        host = token.internal_data.pop("host")
        super().entered(token)
        if self.element.interrupting or self.element.event.kind == "error":
            token.workflow.tasks[host].cancel()
        elif self.element.event.kind == "message":
            token.instance.spawn(token.workflow, self, token, host=host, key=token.internal_data["key"])
        elif "period" in token.internal_data:
            self._repeat(token, host)

    def _on_ready(self, token: Token) -> None:
        # What interrupts goes before what is already queued inside the activity.
        if self.element.interrupting:
            token.instance.queue.appendleft(token)
        else:
            token.instance.queue.append(token)

    def _repeat(self, token: Token, host: int) -> None:
        left, period = token.internal_data["left"], token.internal_data["period"]
        if left not in (0, 1):
            due = add(datetime.fromisoformat(token.internal_data["due"]), parse_period(period), token.instance.context.zone)
            following = left - 1 if left > 0 else left
            token.instance.spawn(token.workflow, self, token, host=host, left=following, period=period, due=due.isoformat())


class End(Node):
    """Ends a branch, or with a terminate event its whole scope; tells the outcome (`issue`), throws an error."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        text = element.zeebe.properties.get("issue", "")
        self.outcome = text_or_expression(element.id, "issue", text) if text else None

    def run(self, token: Token) -> None:
        instance = token.instance
        if self.outcome is not None:
            value = instance.evaluate(self.outcome, token)
            if token.workflow is instance:
                instance.outcome = key_text(value)
            else:
                instance.write(token, "issue", value)
        if self.element.event.kind == "terminate":
            instance.cancel_tokens(token.workflow, besides=token)
        elif self.element.event.kind == "error" and not instance.throw(token, self.element.event.code):
            instance.fail(self.element.event.code or "erreur")
