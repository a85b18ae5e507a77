"""The evidence file of a case: its facts, the diagrams of the versions it ran, and the program that checks them without Jalon."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.facts import CASE_EXPORTED, Fact
from server.replay import export_lines
from server.settings import ROOT
from server.store.history import Entry, append_to_register, chain_end, kept_lines
from server.store.sql import select
from server.store.tables import instance
from server.store.work import reading, unit_of_work, until_settled

REGISTER = "registre:acces"
READ_ME = """Preuve d'un dossier Jalon

faits.jsonl      les faits, un par ligne, avec les empreintes
verifier.py      vérifie la chaîne sans Jalon : python3 verifier.py faits.jsonl
versions/        les diagrammes et tables des versions que le dossier a suivies
manifeste.json   empreinte de chaque fichier, nombre de faits, dernière empreinte

Une chaîne vérifiée prouve que rien n'a été changé depuis qu'elle a été écrite. Elle ne prouve pas que ce qui fut saisi était exact.
"""


def export_case(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> tuple[str, bytes]:
    """(file name, zip). Giving it is written in the register of readings, with the hash of the file. Raises NotFound."""
    with reading(jalon.database) as work:
        case = case_to_read(work, actor, case_id)
        end = chain_end(work, case_id)
        lines = "\n".join(export_lines(case_id, end.seq, end.hash, kept_lines(work, case_id)))
        packages = sorted({row.package_id for row in work.rows(select(instance.c.package_id).where(instance.c.case_id == case_id))})
    files = {
        "faits.jsonl": lines.encode() + b"\n",
        "verifier.py": (ROOT / "server" / "replay" / "verifying.py").read_bytes(),
        "LISEZMOI.txt": READ_ME.encode(),
    }
    for package_id in packages:
        package = jalon.package(package_id)
        shown = {name: content for name, content in package.files.items() if name == "process.bpmn" or name.startswith("decisions/")}
        files |= {f"versions/{package.slug}-{package.hash[:12]}/{name}": content for name, content in shown.items()}
    manifest = {
        "dossier": case.number,
        "faits": end.seq,
        "empreinte": end.hash,
        "le": now.isoformat(),
        "fichiers": {n: hashlib.sha256(c).hexdigest() for n, c in files.items()},
    }
    files["manifeste.json"] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    content = _zipped(files)
    digest = hashlib.sha256(content).hexdigest()
    until_settled(lambda: _record(jalon, actor, case_id, digest, now))
    return f"preuve-{case.number}.zip", content


def _zipped(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on its content only."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _record(jalon: Jalon, actor: Actor, case_id: str, digest: str, now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        append_to_register(work, REGISTER, [Entry(Fact(CASE_EXPORTED, now, body={"case": case_id, "sha256": digest}))], actor)
