"""What we look for in a file: each field of domain "Bénéficiaire" and of the CNAF contact file, with the headers départements give it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ENTRANTS, CONTACTS = "entrants", "contacts"
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Field:
    """A field of a layout. `headers`: folded column names that mean it. `required`: the column must be there (or one of its `instead`)."""

    name: str
    label: str
    headers: frozenset[str]
    required: bool = False
    instead: tuple[str, ...] = ()


def fold(header: str) -> str:
    """A header without case, accents, signs or doubled spaces: « N° CAF » -> « n caf »."""
    plain = unicodedata.normalize("NFKD", header.replace("°", " ").replace("º", " ")).encode("ascii", "ignore").decode().lower()
    return _NOT_WORDS.sub(" ", plain).strip()


def _field(name: str, label: str, headers: str, *, required: bool = False, instead: tuple[str, ...] = ()) -> Field:
    return Field(name, label, frozenset({fold(label), fold(name), *(fold(h) for h in headers.split("|") if h)}), required, instead)


_ENTRANTS = (
    _field("civilite", "Civilité", "civ|titre|sexe|genre|qualite|qual", required=True),
    _field(
        "nom_usage",
        "Nom d'usage",
        "nom|nom bénéficiaire|nom du bénéficiaire|nom allocataire|nom de l'allocataire|nom marital|nom d'épouse|nom de famille|lastname|nom usuel",
        required=True,
        instead=("nom_naissance", "nom_prenom"),
    ),
    _field("nom_naissance", "Nom de naissance", "nom de jeune fille|nom patronymique|nomnai|birth name|nom naissance bénéficiaire"),
    _field(
        "prenoms",
        "Prénoms",
        "prénom|prénom bénéficiaire|prénom du bénéficiaire|prénom allocataire|prénom de l'allocataire|prénom(s)|firstname",
        required=True,
        instead=("nom_prenom",),
    ),
    _field(
        "nom_prenom",
        "Nom et prénom",
        "nom/prénom|nom prénom|nom/prénom bénéficiaire|nom prénom bénéficiaire|bénéficiaire|allocataire|identité",
    ),
    _field("date_naissance", "Date de naissance", "né(e) le|né le|naissance|dtnai|ddn|date naissance|date de naissance bénéficiaire"),
    _field("lieu_naissance", "Lieu de naissance", "commune de naissance|ville de naissance|né(e) à"),
    _field("nir", "NIR", "n° de sécurité sociale|numéro de sécurité sociale|n° sécu|nss|sécurité sociale|numéro nir|n° nir"),
    _field(
        "matricule",
        "Matricule CAF ou MSA",
        "n° caf|numéro caf|n° allocataire|numéro allocataire|matricule|matricule caf|n° caf/msa|numéro caf/msa|n° msa|n° d'allocataire|affiliation number",
    ),
    _field("organisme", "Organisme payeur", "organisme|caf/msa|caf ou msa|régime|fonorg|caisse"),
    _field(
        "numero_demande", "N° de demande RSA", "n° demande rsa|numéro demande rsa|numdemrsa|n° demande|numéro de demande|n° dossier rsa"
    ),
    _field("role", "Rôle", "role personne|rôle dans le foyer|rolepers|demandeur/conjoint|qualité dans le foyer|rôle bénéficiaire"),
    _field(
        "identifiant_interne",
        "Identifiant interne",
        "id interne|id iodas|identifiant iodas|identifiant dans le si|id solis|n° interne|identifiant département|id",
    ),
    _field(
        "france_travail",
        "N° France Travail",
        "identifiant france travail|id pe|n° pole emploi|identifiant pole emploi|ideassedic|id ft|n° de|n° demandeur d'emploi",
    ),
    _field(
        "inscrit_france_travail",
        "Inscrit à France Travail",
        "pe|inscrit pe|inscrit pole emploi|inscription france travail|inscrit ft|demandeur d'emploi|de",
    ),
    _field("adresse", "Adresse", "adresse 1|voie|n° et voie|adresse postale|rue|adresse ligne 1"),
    _field("adresse_complement", "Complément d'adresse", "complément|adresse 2|complément adresse|résidence|bâtiment"),
    _field("code_postal", "Code postal", "cp|codepos|code post"),
    _field("commune", "Commune", "ville|nomcom|localité"),
    _field("cp_commune", "CP et ville", "cp ville|cp/ville|code postal ville|cp commune|code postal et ville"),
    _field("telephone", "Téléphone", "tel|tél.|téléphones|téléphone 1|téléphone portable|portable|mobile|numéro de téléphone|n° téléphone"),
    _field("telephone_2", "Autre téléphone", "téléphone 2|téléphone fixe|fixe|tel 2|autre numéro"),
    _field("email", "Courriel", "mail|mails|e-mail|adresse électronique|adresse mail|adresse email|email bénéficiaire|mél"),
    _field("situation_familiale", "Situation familiale", "sitfam|situation|situation de famille|état civil|situation matrimoniale"),
    _field("enfants", "Enfants à charge", "nb enfants|nombre d'enfants|nombre d'enfants à charge|enfants|nbre enfants"),
    _field("enfants_naissances", "Dates de naissance des enfants", "naissances des enfants|ddn enfants|dates naissance enfants"),
    _field("date_demande", "Date de demande", "date demande rsa|date de demande rsa|dtdemrsa|date de la demande|demande le"),
    _field(
        "date_ouverture",
        "Date d'ouverture du droit",
        "date d'ouverture|date ouverture|ouverture|date d'ouverture de droit|date d'ouverture des droits|date ouverture droits|date ouverture rsa"
        "|rights opening date|date d'entrée rsa|droit ouvert le",
        required=True,
    ),
    _field(
        "date_droits_devoirs",
        "Date d'entrée en droits et devoirs",
        "date entrée dd|date début droits - devoirs|entrée en droits et devoirs|date droits et devoirs|date d'entrée dd",
    ),
    _field("rsa_majore", "RSA majoré", "majoré|majoration|rsa majoré (oui/non)"),
    _field("rqth", "RQTH", "rqth/aah|rqth aah|aah|handicap|travailleur handicapé"),
    _field("sans_domicile", "Sans domicile fixe", "sdf|topsansdomfixe|sans domicile stable"),
    _field("territoire", "Territoire", "pôle|pôle d'insertion|secteur|eds|dts|circonscription|mds|unité territoriale"),
    _field(
        "referent", "Référent", "référent de parcours|référent unique|email du référent|accompagnateur|chargé d'orientation|nom du référent"
    ),
    _field("structure", "Structure", "organisation|structure d'accompagnement|termes de recherche d'organisation|structure référente"),
    _field("decision_orientation", "Décision d'orientation", "décision orientation|orientation|parcours|type d'orientation"),
    _field("canal", "Canal préféré", "moyen de contact|canal de contact|préférence de contact"),
    _field("consentement", "Accord pour SMS et courriels", "consentement|accord sms|accord mail|rgpd"),
)

_CONTACTS = (
    _field("matricule", "Matricule", "n° caf|numéro allocataire|matricule dossier", required=True),
    _field("role", "Rôle de la personne", "role personne|role"),
    _field("type_personne", "Type de personne", "type personne"),
    _field("nir", "NIR", "n° de sécurité sociale"),
    _field("numero_demande", "N° de demande RSA", "numero demande rsa|numdemrsa"),
    _field("date_demande", "Date de demande", "date demande rsa"),
    _field("date_droits_devoirs", "Date d'entrée en droits et devoirs", "date debut droits - devoirs|date debut droits devoirs"),
    _field("nom", "Nom du responsable du dossier", "nom responsable dossier|nom"),
    _field("prenom", "Prénom du responsable du dossier", "prenom responsable dossier|prénom"),
    _field("telephone", "Téléphone", "numero telephone dossier|telephone dossier"),
    _field("telephone_2", "Autre téléphone", "numero telephone 2 dossier|telephone 2 dossier"),
    _field("email", "Courriel", "adresse electronique dossier|adresse electronique|email dossier"),
)

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType({ENTRANTS: _ENTRANTS, CONTACTS: _CONTACTS})
