"""An exported case proves itself: whatever is changed in it, the first bad entry is named."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.kernel.actor import MACHINE
from server.kernel.facts import Fact
from server.kernel.values import canonical
from server.replay import export_lines, verify_export
from server.store import chain as chains

SCRIPT = Path(__file__).parents[2] / "server" / "replay" / "verifying.py"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def make_export(count=6, erased=(), kind="TaskCompleted"):
    """An export of `count` facts, each third one with a payload; gives its lines and its head."""
    head, kept = chains.Head(), []
    for number in range(1, count + 1):
        sealed = chains.seal(canonical({"réponses": {"âge": number}})) if number % 3 == 0 else None
        fact = Fact(kind, AT, f"étape_{number}", {"task": str(number)})
        line = chains.line_of("dossier-1", head, fact, sealed.digest if sealed else None, MACHINE, chains.Origin("i1", number))
        head = chains.Head(number, chains.hash_of(line))
        gone = number in erased
        salt, content = (None, None) if gone or sealed is None else (sealed.salt, sealed.content)
        kept.append(chains.KeptLine(number, line, head.hash, salt=salt, content=content, digest=sealed.digest if sealed else None))
    return [f"{line}\n" for line in export_lines("dossier-1", count, head.hash, kept)], head


def check(lines, head):
    return verify_export("".join(lines).split("\n"), head.hash, head.seq)


def test_an_untouched_export_holds():
    lines, head = make_export()
    found = check(lines, head)
    assert found.holds
    assert (found.entries, found.erased) == (6, 0)


def test_an_erased_payload_still_verifies_and_is_counted():
    lines, head = make_export(erased={3})
    found = check(lines, head)
    assert found.holds
    assert found.erased == 1


def test_a_byte_flipped_anywhere_is_found_at_its_entry():
    lines, head = make_export()
    text = "".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for position in range(len(text) - 1):
        flipped = text[:position] + chr(ord(text[position]) ^ 1) + text[position + 1 :]
        found = verify_export(flipped.split("\n"), head.hash, head.seq)
        entry = next(n for n in range(len(lines)) if starts[n] <= position < starts[n + 1])
        assert not found.holds, f"position {position}: {text[position - 20 : position + 20]!r}"
        assert found.first_bad is not None
        # The first line is the head of the file: a change there is seen at an entry or at the end.
        assert entry == 0 or found.first_bad in (entry, entry + 1)


@pytest.mark.parametrize("number", range(1, 7))
def test_a_deleted_entry_is_found_where_it_was(number):
    lines, head = make_export()
    assert check(lines[:number] + lines[number + 1 :], head).first_bad == number


@pytest.mark.parametrize("number", range(1, 8))
def test_an_inserted_entry_is_found_where_it_is(number):
    lines, head = make_export()
    stranger = make_export(kind="TaskReady")[0][min(number, 6)]
    # A stranger first entry has nothing before it to contradict: the next one gives it away.
    assert check([*lines[:number], stranger, *lines[number:]], head).first_bad == max(number, 2)


@pytest.mark.parametrize("number", range(1, 6))
def test_two_entries_exchanged_are_found_at_the_first(number):
    lines, head = make_export()
    lines[number], lines[number + 1] = lines[number + 1], lines[number]
    assert check(lines, head).first_bad == number


@pytest.mark.parametrize("kept", range(6))
def test_a_tail_cut_off_is_found_at_the_first_missing_entry(kept):
    lines, head = make_export()
    assert check(lines[: kept + 1], head).first_bad == kept + 1


@pytest.mark.parametrize("start", range(1, 7))
def test_a_history_rewritten_with_good_hashes_is_found_by_the_checkpoint(start):
    _, head = make_export()
    rewritten, _ = make_export()
    assert verify_export("".join(rewritten).split("\n")).holds
    assert not check(rewritten, head).holds
    shorter, other = make_export(start)
    assert other.hash != head.hash
    assert not check(shorter, head).holds


@pytest.mark.parametrize("text", ["", "\n", "{}", "[]", '{"chain":"x"}', "\x00", '{"chain":"x","head":"","lines":0}\n{}', "[" * 100_000])
def test_a_file_that_is_not_an_export_is_told_and_never_breaks(text):
    assert not verify_export(text.split("\n")).holds


def test_the_script_works_alone_on_a_plain_python(tmp_path):
    lines, head = make_export(erased={6})
    good, bad = tmp_path / "bon.jsonl", tmp_path / "mauvais.jsonl"
    good.write_text("".join(lines))
    bad.write_text("".join(lines).replace("étape_4", "étape_5"))
    command = [sys.executable, "-I", "-S", str(SCRIPT)]
    first = subprocess.run([*command, str(good), "--tete", head.hash, "--lignes", "6"], capture_output=True, text=True, check=False)
    second = subprocess.run([*command, str(bad)], capture_output=True, text=True, check=False)
    third = subprocess.run([*command, str(tmp_path / "absent")], capture_output=True, text=True, check=False)
    assert (first.returncode, second.returncode, third.returncode) == (0, 1, 2)
    assert "1 contenus ont été effacés" in first.stdout
    assert "L'entrée 4 ne correspond plus à son empreinte." in second.stdout


def test_the_export_is_one_json_object_per_line():
    lines, _ = make_export()
    assert [json.loads(line)["seq"] for line in lines[1:]] == [1, 2, 3, 4, 5, 6]
