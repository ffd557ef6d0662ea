"""Units, people, posts and accounts: who may act, and who comes next.

Other rooms ask here; ``operations`` changes the organization, ``accounts`` lets people in.
"""

from app.organization import accounts, operations, roles
from app.organization.actors import Actor, Post, StandsFor, actor
from app.organization.candidates import candidates, named, process_administrators
from app.organization.eligibility import Candidate, Candidates, Scope
from app.organization.models import Department, Person, Role, Unit
from app.organization.queries import (
    departments,
    names_of,
    people,
    people_of_role,
    person_by_login,
    role_labels,
    unit,
    unit_by_key,
    units,
)

__all__ = [
    "Actor",
    "Candidate",
    "Candidates",
    "Department",
    "Person",
    "Post",
    "Role",
    "Scope",
    "StandsFor",
    "Unit",
    "accounts",
    "actor",
    "candidates",
    "departments",
    "named",
    "names_of",
    "operations",
    "people",
    "people_of_role",
    "person_by_login",
    "process_administrators",
    "role_labels",
    "roles",
    "unit",
    "unit_by_key",
    "units",
]
