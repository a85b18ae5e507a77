"""What the web tests share: a site on a clean database of each kind."""

from __future__ import annotations

import pytest

from tests.factories import World
from tests.small_packages import accueil, end, flow, package, task
from tests.web.visiting import Site, site_on


@pytest.fixture
def site(world: World) -> Site:
    """The web application on a clean base where the small process « accueil » is published, and a path of one step for imports."""
    world.publish(accueil(), package("parcours", flow("debut>orienter"), task("orienter"), flow("orienter>fin"), end("fin")))
    return site_on(world)
