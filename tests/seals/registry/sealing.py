"""Seals for tests: made by the office head of the county bureau, kept by its keeper."""

import io
from typing import Any

from PIL import Image, ImageDraw

from app.seals.models import Seal
from app.seals.registry import making
from app.seals.registry.making import Making
from tests.world import World

WANTED: dict[str, Any] = {
    "kind": "unit",
    "wording": "江洲县水务局",
    "diameter": 42,
    "keeper": "seal.keeper",
    "reason": "江水〔2026〕1号文批准制发。",
}


def made(world: World, login: str = "office.head", **wanted: Any) -> Seal:
    given = Making(**{**WANTED, **wanted})
    seal: Seal = world._act(making.make, world.actor(login), world.at, given)
    return seal


def handwriting() -> bytes:
    """A line drawn by hand, as PNG."""
    picture = Image.new("RGB", (300, 120), "white")
    ImageDraw.Draw(picture).line((20, 90, 90, 30, 140, 95, 210, 25, 280, 80), fill=0, width=9)
    made_of = io.BytesIO()
    picture.save(made_of, "PNG")
    return made_of.getvalue()
