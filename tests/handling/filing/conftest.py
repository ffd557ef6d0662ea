"""What the tests of this folder share."""

import pytest

from tests.handling.filing.archiving import Archive
from tests.world import World


@pytest.fixture
def archive(world: World) -> Archive:
    return Archive(world)
