"""The forms that come with the program, by key: named once, at start-up.

A version keeps the forms that it was published with (``*.form`` among its files), so that a new
delivery changes nothing for what is on its way. What a drawing names and does not bring is taken
from here when it is published.
"""

from collections.abc import Mapping
from pathlib import Path

from app.workflow import forms
from app.workflow.forms import Form

_sources: dict[str, bytes] = {}
_forms: dict[str, Form] = {}


def use(folder: Path) -> Mapping[str, Form]:
    """Replace the library by the ``*.form`` files of a folder. Called by create_app.

    Raises Invalid that lists every fault of every file.
    """
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*.form"))}
    loaded = forms.load(found)
    _sources.clear()
    _forms.clear()
    _forms.update(loaded)
    for name, data in found.items():
        form, _ = forms.read(name, data)
        if form is not None:
            _sources[form.key] = data
    return dict(_forms)


def known() -> Mapping[str, Form]:
    return dict(_forms)


def source(key: str) -> bytes | None:
    """The file of a form as it was delivered."""
    return _sources.get(key)
