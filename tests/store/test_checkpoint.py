"""A signed checkpoint over all chains finds what a chain alone cannot: one rewritten whole."""

from __future__ import annotations

import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.actions.checkpoint import checkpoint
from server.kernel.errors import Forbidden
from server.kernel.values import canonical
from server.store.checkpoints import tree_root


def test_a_checkpoint_names_every_chain_and_its_signature_holds_for_it_only(world):
    cases = {world.case().case_id, world.case().case_id}
    made = checkpoint(world.jalon, world.actor("auditeur"), world.now)
    heads = [json.loads(line) for line in made.heads.splitlines()]
    assert cases <= {head["chain"] for head in heads}
    assert made.chains == len(heads)
    assert tree_root(made.heads.splitlines()) == made.root
    key = Ed25519PublicKey.from_public_bytes(made.public_key)
    key.verify(made.signature, canonical({"at": made.at.isoformat(), "chains": made.chains, "root": made.root}))
    with pytest.raises(InvalidSignature):
        key.verify(made.signature, canonical({"at": made.at.isoformat(), "chains": made.chains, "root": "0" * 64}))


def test_only_an_auditor_or_an_administrator_asks_for_one(world):
    with pytest.raises(Forbidden):
        checkpoint(world.jalon, world.agent(), world.now)


def test_the_tree_is_that_of_rfc_6962():
    # By hand: H(01 | H(01 | H(00|a) | H(00|b)) | H(00|c)); the empty tree is the hash of nothing.
    def leaf(data):
        return hashlib.sha256(b"\x00" + data).digest()

    pair = hashlib.sha256(b"\x01" + leaf(b"a") + leaf(b"b")).digest()
    assert tree_root([b"a", b"b", b"c"]) == hashlib.sha256(b"\x01" + pair + leaf(b"c")).hexdigest()
    assert tree_root([]) == hashlib.sha256(b"").hexdigest()
