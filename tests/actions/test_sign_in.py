"""Signing in: a token that only its holder knows, one answer for every failure, a limit on tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.actions.create_account import create_account
from server.actions.sign_in import actor_of_token, sign_in
from server.actions.sign_out import sign_out
from server.kernel.actor import machine
from server.kernel.errors import BadInput, Forbidden, TooMuch
from server.store.tables import login_session, user_account
from server.store.work import reading
from tests.factories import NOON, World


@pytest.fixture
def account(world):
    return create_account(world.jalon, machine("13"), "Awa.Diop", "Awa Diop", ["agent"], NOON, territories=["13-I"])


def enter(world: World, login: str, password: str, now=NOON):
    return sign_in(world.jalon, login, password, "10.0.0.1", now)


def test_the_right_password_opens_a_session_whose_token_is_not_kept(world, account):
    token, actor = enter(world, " awa.diop ", account.password)
    assert (actor.name, actor.groups, actor.territories) == ("Awa Diop", {"orientation", "gestion"}, {"13-I"})
    again = actor_of_token(world.jalon, token, NOON)
    assert again == actor
    with reading(world.jalon.database) as work:
        assert token not in work.value(select(login_session.c.id))
        assert account.password not in work.value(select(user_account.c.password_hash).where(user_account.c.id == account.id))


def test_a_wrong_password_and_an_unknown_login_get_the_same_sentence(world, account):
    told = set()
    for login, password in [("awa.diop", "pas le bon mot de passe"), ("personne", account.password)]:
        with pytest.raises(BadInput) as refused:
            enter(world, login, password)
        told.add(str(refused.value))
    assert len(told) == 1


def test_after_five_failures_the_right_password_waits_too_and_then_works_again(world, account):
    for _ in range(5):
        with pytest.raises(BadInput):
            enter(world, "awa.diop", "faux, faux et faux")
    with pytest.raises(TooMuch, match="minutes"):
        enter(world, "awa.diop", account.password)
    assert enter(world, "awa.diop", account.password, NOON + timedelta(minutes=16))[1].name == "Awa Diop"


def test_a_session_ends_when_signed_out_when_idle_for_two_hours_and_after_twelve(world, account):
    token, _ = enter(world, "awa.diop", account.password)
    assert actor_of_token(world.jalon, token, NOON + timedelta(hours=2, minutes=1)) is None
    for hours in range(1, 12):
        assert actor_of_token(world.jalon, token, NOON + timedelta(hours=hours)) is not None
    assert actor_of_token(world.jalon, token, NOON + timedelta(hours=12, minutes=1)) is None
    other, _ = enter(world, "awa.diop", account.password)
    sign_out(world.jalon, other, NOON)
    assert actor_of_token(world.jalon, other, NOON) is None


def test_only_an_administrator_creates_accounts_with_known_roles_and_places(world):
    chief = world.actor("administrateur")
    with pytest.raises(Forbidden):
        create_account(world.jalon, world.agent(), "x", "X", ["agent"], NOON)
    for login, roles, places in [("x", ["dieu"], []), ("x", [], []), ("x", ["agent"], ["94-T1"]), ("", ["agent"], [])]:
        with pytest.raises(BadInput):
            create_account(world.jalon, chief, login, "X", roles, NOON, territories=places)
    create_account(world.jalon, chief, "x", "X", ["agent"], NOON)
    with pytest.raises(BadInput, match="déjà pris"):
        create_account(world.jalon, chief, "X", "Y", ["agent"], NOON)
