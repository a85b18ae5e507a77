"""A package is its files: the same files have the same hash, on disk or from the database."""

from pathlib import Path

import pytest

from server.catalog import lint, package_from_files, read_manifest, read_package, read_packages, write_package
from server.kernel.errors import ModelError, NotFound, TooMuch
from tests.catalog.bundles import bundle, example

MANIFEST = b'id = "orientation"\ntitle = "Orientation"\n'


def test_a_package_written_on_disk_and_read_back_is_the_same(tmp_path):
    package = package_from_files(example("fichier-inutilise", "juste"))
    write_package(package, tmp_path / "processes" / "exemple", tmp_path / "forms" / "exemple")
    again = read_package(tmp_path / "processes" / "exemple", tmp_path / "forms" / "exemple")
    assert again.files == package.files
    assert again.hash == package.hash


def test_texts_from_the_database_give_the_same_hash_as_bytes_from_the_disk():
    files = example("fichier-inutilise", "juste")
    assert package_from_files({name: data.decode() for name, data in files.items()}).hash == package_from_files(files).hash


@pytest.mark.parametrize("name", sorted(example("fichier-inutilise", "juste")))
def test_one_more_byte_in_any_file_changes_the_hash(name):
    files = example("fichier-inutilise", "juste")
    assert package_from_files({**files, name: files[name] + b" "}).hash != package_from_files(files).hash


def test_a_name_and_a_content_cannot_be_exchanged_without_changing_the_hash():
    one = package_from_files({"letters/a.md": b"bc", "letters/d.md": b""})
    other = package_from_files({"letters/a.md": b"", "letters/d.md": b"bc"})
    assert one.hash != other.hash


def test_a_package_finds_its_forms_letters_and_decisions():
    package = package_from_files(example("fichier-inutilise", "juste"))
    assert package.form("rendez_vous")["id"] == "rendez_vous"
    assert "Votre rendez-vous est fixé." in package.letter("convocation")
    assert package.decision("voie")[0] == "decisions/voie.dmn"
    assert package.process_id == "exemple"
    assert package.variables["venu"].type == "boolean"


@pytest.mark.parametrize("ask", [lambda p: p.form("absent"), lambda p: p.letter("absent"), lambda p: p.decision("absente")])
def test_what_a_package_does_not_hold_is_told(ask):
    with pytest.raises(ModelError, match="absent"):
        ask(package_from_files(example("fichier-inutilise", "juste")))


@pytest.mark.parametrize("name", ["../secret.md", "letters/../../x.md", "evil.py", "letters/sub/x.md", "forms/x.txt", "/etc/passwd"])
def test_a_file_outside_the_layout_of_a_package_is_refused(name):
    with pytest.raises(ModelError):
        package_from_files({name: b""})


def test_a_package_of_nine_megabytes_is_refused():
    with pytest.raises(TooMuch):
        package_from_files({"README.md": b"x" * 9_000_000})


def test_a_link_in_a_package_is_not_followed(tmp_path):
    (tmp_path / "p" / "letters").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "p" / "letters" / "x.md").symlink_to(tmp_path / "secret")
    assert read_package(tmp_path / "p", tmp_path / "f").files == {}


def test_a_folder_that_does_not_exist_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        read_package(tmp_path / "absent", tmp_path)


def test_the_folder_of_departements_is_not_a_package(tmp_path):
    for name in ("orientation", "departements"):
        (tmp_path / "processes" / name).mkdir(parents=True)
    assert list(read_packages(tmp_path / "processes", tmp_path / "forms")) == ["orientation"]


def test_a_manifest_says_its_variables_with_their_types():
    text = (
        MANIFEST
        + b'[lanes]\n"R\xc3\xa9f\xc3\xa9rent" = "referent"\n[variables.age]\ntype = "nombre"\nlabel = "\xc3\x82ge"\npersonal = true\n'
    )
    manifest = read_manifest(text)
    assert manifest.lanes == {"Référent": "referent"}
    age = manifest.variables["age"]
    assert (age.type, age.label, age.personal, age.sensitive, age.indexed) == ("number", "Âge", True, False, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"id = ", "TOML"),
        (b'title = "x"', "« id »"),
        (b'id = 3\ntitle = "x"', "« id »"),
        (MANIFEST + b'lanes = "x"', "« lanes »"),
        (MANIFEST + b'start_groups = "x"', "« start_groups »"),
        (MANIFEST + b"[lanes]\na = 1", "« lanes.a »"),
        (MANIFEST + b'[variables.x]\ntype = "entier"', "« variables.x.type »"),
        (MANIFEST + b'[variables.x]\npersonal = "oui"', "« variables.x.personal »"),
        (MANIFEST + b"[variables]\nx = 1", "« x »"),
        (b"\xff\xfe", "TOML"),
    ],
)
def test_a_wrong_manifest_is_told_with_its_key(text, told):
    with pytest.raises(ModelError, match=r".") as caught:
        read_manifest(text)
    assert told in str(caught.value)


def test_the_lint_of_an_empty_package_says_what_is_missing():
    assert [f.file for f in lint({})] == ["process.bpmn", "package.toml"]


def test_a_form_with_the_id_of_another_is_told():
    files = bundle(Path(__file__).parent.joinpath("rules", "impasse", "juste.bpmn").read_bytes())
    files["forms/autre.form"] = files["forms/rendez_vous.form"]
    assert [f.file for f in lint(files) if f.rule == "paquet-illisible"] == ["forms/autre.form"]
