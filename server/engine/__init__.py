"""Runs processes: BPMN in, then `advance(definition, state, command, context, now) -> Step(state, facts, ended)`, a pure function."""

from server.engine.activities import FIRE_AND_FORGET
from server.engine.advance import advance
from server.engine.commands import (
    Cancel,
    ChangeDueDate,
    ChildEnded,
    ChildFailed,
    Command,
    CompleteTask,
    DeliverMessage,
    FailCall,
    FireTimer,
    ReturnResult,
    Start,
    command_from_plain,
)
from server.engine.definition import Definition, DrawnExpression, UserTask, forget_definitions, read_definition
from server.engine.diagram import Element, Flow, parse_xml
from server.engine.step import (
    Context,
    Step,
    Waiting,
    WaitingCall,
    WaitingMessage,
    WaitingTask,
    WaitingTimer,
    context_from_plain,
)
from server.engine.waits import read_waiting

__all__ = [
    "FIRE_AND_FORGET",
    "Cancel",
    "ChangeDueDate",
    "ChildEnded",
    "ChildFailed",
    "Command",
    "CompleteTask",
    "Context",
    "Definition",
    "DeliverMessage",
    "DrawnExpression",
    "Element",
    "FailCall",
    "FireTimer",
    "Flow",
    "ReturnResult",
    "Start",
    "Step",
    "UserTask",
    "Waiting",
    "WaitingCall",
    "WaitingMessage",
    "WaitingTask",
    "WaitingTimer",
    "advance",
    "command_from_plain",
    "context_from_plain",
    "forget_definitions",
    "parse_xml",
    "read_definition",
    "read_waiting",
]
