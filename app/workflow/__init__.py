"""The engine: published diagrams and the cases that run on them. It knows no document.

Verbs are in :mod:`operations`, reads in :mod:`queries`, moving to another version in
:mod:`versions`. Every verb takes the locked row of a case, changes it, and returns a Move from
which the rooms above write work items, limits and opinions. Nothing here commits.
"""

import logging

from app.workflow import forms, operations, queries, versions
from app.workflow.definitions import Definition, Outcome, Signing, Step
from app.workflow.errors import Fault, WorkflowError
from app.workflow.models import CaseStatus, DefinitionRow, WorkflowCase, WorkflowTimer
from app.workflow.moves import Move, Registry, ServiceCall, Timer, Token
from app.workflow.topics import register_topics

for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # else every change of state is written up

__all__ = [
    "CaseStatus",
    "Definition",
    "DefinitionRow",
    "Fault",
    "Move",
    "Outcome",
    "Registry",
    "ServiceCall",
    "Signing",
    "Step",
    "Timer",
    "Token",
    "WorkflowCase",
    "WorkflowError",
    "WorkflowTimer",
    "forms",
    "operations",
    "queries",
    "register_topics",
    "versions",
]
