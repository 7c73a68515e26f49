"""The words for what somebody did for a resource, and the contributorType each one means.

`Author` and `Funder` are no contributorTypes: an author is a creator, a funder belongs into a
fundingReference. A word that is no role is None, never Other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from app.datacite.vocabularies import match

AUTHOR, FUNDER, OTHER = "Author", "Funder", "Other"

_ROLES = """
    Editor: ed; eds; edt; editor; editors; edited by; editor in chief; hrsg; hg; hgg; hrsgg;
        herausgeber; herausgeberin; herausgeberinnen; éd; éds; éditeur; éditrice; éditeurs;
        éditeur scientifique; directeur de publication; a cura di; curatore; red; redaktor;
        redakteur; redaktion; redactie; redacteur; redactor; redactores; coord; coords;
        coordinador; coordenador; organizador; organizadores; org; orgs; editora; editores; bearb;
        bearbeiter; compiler; com
    Supervisor: supervisor; supervisors; advisor; advisors; adviser; advisers; thesis advisor;
        thesis adviser; thesis supervisor; doctoral advisor; academic advisor; research supervisor;
        co-supervisor; cosupervisor; co-advisor; coadvisor; betreuer; betreuerin; betreuerinnen;
        doktorvater; doktormutter; erstbetreuer; erstbetreuerin; zweitbetreuer; gutachter;
        gutachterin; erstgutachter; erstgutachterin; zweitgutachter; zweitgutachterin; promotor;
        promotores; copromotor; co-promotor; directeur de thèse; directrice de thèse;
        directeurs de thèse; director de tesis; directora de tesis; directores de tesis;
        tutor; tutora; tutores; orientador; orientadora; orientadores; coorientador;
        relatore; relatrice; relatori; correlatore; committee member; committee members;
        committee chair; thesis committee member; chair; begeleider; ths; dgs; opn; dgc
    Translator: trans; transl; translator; translators; translated by; übers; übersetzer;
        übersetzerin; traductor; traductora; traductores; traducteur; traductrice; trad; traduttore;
        traduttrice; tradutor; tradutora; vertaler; vert; trl
    ContactPerson: contact; contact person; contact point; point of contact; ansprechpartner;
        ansprechpartnerin; kontakt; personne à contacter; contacto; persona de contacto; contatto;
        contato; contactpersoon; cot
    Funder: funder; funders; funding body; funding agency; funded by; sponsor; sponsors; geldgeber;
        förderer; bailleur de fonds; financeur; financiador; financiadora; entidad financiadora;
        patrocinador; finanziatore; financier; fnd
    DataCollector: collector; collectors; data collector; data collectors; datensammler; sammler;
        collecteur; collecteur de données; recolector de datos; raccoglitore; coletor; col; dtc
    DataCurator: curator; curators; data curator; data curators; kurator; kuratorin; datenkurator;
        cur; conservateur; curador de datos; curador
    DataManager: data manager; data managers; datenmanager; datenmanagerin;
        gestionnaire de données; gestor de datos; gestor de dados; gestore dei dati; databeheerder;
        dtm
    Producer: producer; producers; produzent; produzentin; producteur; productrice; productor;
        productora; produttore; produtor; producent; pro; fmp
    Distributor: distributor; distributors; vertrieb; distributeur; distribuidor; distributore; dst
    RightsHolder: rights holder; rightsholder; rights holders; copyright holder; rechteinhaber;
        rechteinhaberin; titulaire des droits; titular de los derechos; titular dos direitos;
        titolare dei diritti; rechthebbende; cph
    ProjectLeader: project leader; project leaders; project director; principal investigator;
        principal investigators; pi; projektleiter; projektleiterin; projektleitung;
        chef de projet; responsable du projet; investigador principal; investigadora principal;
        investigador responsable; responsabile del progetto; responsabile scientifico;
        líder do projeto; projectleider; co-principal investigator; co-pi; pdr; rth
    ProjectManager: project manager; project managers; projektmanager; projektmanagerin;
        gestionnaire de projet; gestor del proyecto; gestor do projeto; projectmanager
    ProjectMember: project member; project members; projektmitarbeiter; projektmitarbeiterin;
        projektmitglied; membre du projet; miembro del proyecto; membro do projeto;
        membro del progetto; projectlid; rtm
    Researcher: researcher; researchers; investigator; investigators; forscher; forscherin;
        wissenschaftler; wissenschaftlerin; chercheur; chercheuse; investigador; investigadora;
        ricercatore; ricercatrice; pesquisador; pesquisadora; onderzoeker; res
    HostingInstitution: hosting institution; host institution; his; own
    ResearchGroup: research group; forschungsgruppe
    Sponsor: spn
    Author: author; authors; corporate author; personal author; co-author; coauthor; verfasser;
        verfasserin; autor; autorin; autoren; autora; autores;
        auteur; auteure; auteurs; autore; autrice; autori; vf; verf; aut; cre; creator; creators
    Other: illustrator; illustrators; ill; illus; illustrateur; ilustrador; illustratore;
        illustriert; photographer; photographers; photogr; phot; fotograf; fotografin;
        photographe; fotógrafo; fotografo; pht; reviewer; reviewers; referee; rezensent; rev;
        depositor; depositors; déposant; depositante; dpt; contributor; contributors; mitwirkender;
        mitwirkende; beiträger; contributeur; colaborador; contributore; ctb; cartographer;
        kartograph; composer; komponist; compositeur; compositor; cmp; interviewer; interviewee;
        narrator; performer; designer; engraver; printer; drucker; publisher; verleger; foreword;
        vorwort; vorr; préface; preface; prefacio; prólogo; postface; nachwort; commentator;
        kommentator; artist; künstler; arranger; conductor; dirigent; singer; actor; programmer;
        developer; architect; architekt; moderator; presenter; speaker; recipient; former owner;
        sculptor; sculp; del; delin; delineator; inv; pinx; fec; lith; lithographer; recorder;
        lyricist; librettist; musician; vocalist; transcriber; annotator;
        widmungsempfänger; addressee; adressat; dedicatee; joint author; joint editor
"""
_BETWEEN = re.compile(r"\s*(?:/|,|;|&|\+|\band\b|\bund\b|\bet\b|\by\b)\s*")
LONGEST = 60
SHORTEST = 5


@cache
def _table() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for line in _ROLES.replace("\n        ", " ").strip().splitlines():
        role, _, words = line.strip().partition(": ")
        table.update({word.strip(): role for word in words.split(";")})
    return table


def is_role_word(word: str) -> bool:
    """Whether a word in lower case is a role by itself and hardly a name: `editor`, not `ed`."""
    return len(word) >= SHORTEST and word.removesuffix("s") in _table()


def read_role(text: str) -> str | None:
    """Return the contributorType (or `Author`, `Funder`) a role word or code means, else None.

    Words of seven languages, MARC relator codes and the terms of the schema, singular and plural;
    of several words joined ("ed. and transl.") the first decides.
    """
    if len(text) > LONGEST:
        return None
    known = _known(text)
    if known is not None:
        return known
    parts = [part for part in _BETWEEN.split(text.casefold()) if part]
    roles = [_known(part) for part in parts] if len(parts) > 1 else []
    return roles[0] if roles and all(roles) else None


def _known(text: str) -> str | None:
    word = " ".join(text.casefold().replace("_", " ").split()).strip(" .:")
    found = _table().get(word)
    if found is not None or not word:
        return found
    bare = word.replace(".", "").replace("(in)", "").replace("(s)", "")
    found = _table().get(bare) or _table().get(bare.removesuffix("s"))
    if found is not None:
        return found
    term = match("contributorType", text)
    return term.term if term.how in ("exact", "blind") else None
