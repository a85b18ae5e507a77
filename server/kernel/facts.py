"""Facts: the lines of history. A fact says what happened, in ids and codes; what concerns a person goes in its payload, which can be erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Fact:
    """One line of history.

    `kind` is one of the names below; `at` an aware UTC time; `element` the BPMN id it happened on (or ""); `body` holds ids, codes and dates, never
    personal values; `payload` holds answers, routing values and traces: it is stored beside, salted and erasable, and the chain keeps its digest.
    """

    kind: str
    at: datetime
    element: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None


# What the engine writes. The keys of `body` are listed; times are ISO 8601 texts with offset.
INSTANCE_STARTED = "InstanceStarted"  # process
ELEMENT_ENTERED = "ElementEntered"  # type; one per reached node, the path that replay draws
ELEMENT_LEFT = "ElementLeft"  # flows: ids of the sequence flows taken
TASK_READY = "TaskReady"  # task, name, form, groups[], assignee, due|None, limit|None, priority; payload: derivation
TASK_COMPLETED = "TaskCompleted"  # task; payload: answers
TASK_CANCELLED = "TaskCancelled"  # task
TIMER_SET = "TimerSet"  # timer, due, interrupting; payload: derivation
TIMER_FIRED = "TimerFired"  # timer
TIMER_CANCELLED = "TimerCancelled"  # timer
MESSAGE_AWAITED = "MessageAwaited"  # subscription, name, key
MESSAGE_RECEIVED = "MessageReceived"  # subscription, name; payload: variables
MESSAGE_NO_LONGER_AWAITED = "MessageNoLongerAwaited"  # subscription
MESSAGE_UNEXPECTED = "MessageUnexpected"  # name; payload: variables. Nobody waited: kept and answered
DECISION_TAKEN = "DecisionTaken"  # decision, hash, rules[]; payload: trace
OUTSIDE_CALL_WANTED = "OutsideCallWanted"  # call, type, headers{}; payload: inputs
OUTSIDE_CALL_CANCELLED = "OutsideCallCancelled"  # call
OUTSIDE_CALL_RETURNED = "OutsideCallReturned"  # call; payload: result
CHILD_WANTED = "ChildWanted"  # call, process, binding (latest|deployment); payload: inputs
CHILD_CANCELLED = "ChildCancelled"  # call
CHILD_RETURNED = "ChildReturned"  # call, outcome; payload: outputs
DUE_DATE_CHANGED = "DueDateChanged"  # task or timer, old, new; payload: reason
MODEL_FAULT = "ModelFault"  # rule, message: two true conditions, no true condition…
INSTANCE_ENDED = "InstanceEnded"  # outcome; payload: variables
INSTANCE_CANCELLED = "InstanceCancelled"  # ; payload: reason
# What the verbs write beside them.
CASE_OPENED = "CaseOpened"
TASK_CLAIMED = "TaskClaimed"
TASK_RELEASED = "TaskReleased"
TASK_ASSIGNED = "TaskAssigned"
DRAFT_SAVED = "DraftSaved"
LETTER_MADE = "LetterMade"  # document, template, channel
DOCUMENT_ADDED = "DocumentAdded"
PERSON_CHANGED = "PersonChanged"
CASE_EXPORTED = "CaseExported"  # case, sha256
CASE_READ = "CaseRead"
STUCK = "Stuck"  # timer or outbox row that failed too often
ERASED = "Erased"
IMPORT_RUN = "ImportRun"
PACKAGE_DRAFTED = "PackageDrafted"
PACKAGE_PUBLISHED = "PackagePublished"
PARAMETERS_CHANGED = "ParametersChanged"
SIGNED_IN = "SignedIn"
SESSION_HELD = "SessionHeld"
ACCOUNT_CHANGED = "AccountChanged"  # user, active
ACCOUNT_CREATED = "AccountCreated"  # user, roles[], groups[], territories[]
MILESTONE_REACHED = "MilestoneReached"  # name, le; payload: what else is known of it. Written by the job type `fait`
PASSAGE_ASKED = "PassageAsked"  # passage; payload: subject. Written by the job type `inscrire_seance`
OPINION_GIVEN = "OpinionGiven"  # passage, session; payload: opinion, reasons
PUBLICATION_ASKED = "PublicationAsked"  # package, slug, hash; payload: reason
PUBLICATION_REFUSED = "PublicationRefused"  # package, slug, hash; payload: reason
