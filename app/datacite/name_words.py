"""The words that tell organisations from people, and those that are no part of a name.

All words are lower-case; they are compared with the whole words of a name, hyphens parting words.
"""

from __future__ import annotations

_STRONG = """
    univ universidad universidade universitat universite institute instituto istituto institutions
    department departement département departamento dipartimento dept abteilung laboratory
    laboratories laboratoire laboratoires lab labs agency agencies agence agencia agenzia agentur
    ministry ministère ministere ministerium ministerio ministério ministero ministerie
    collaboration collaborations consortium konsortium consorcio consorzio committee comité comite
    comitato committees commission comisión comissão commissione kommission corporation society
    societies société sociedad sociedade società gesellschaft association asociación associação
    associazione foundation fundación fundação fondation fondazione stiftung museum museums musée
    museo museu musei academy academies académie akademie academia akademia hospital hospitals
    clinic clinique klinik klinikum clínica programme programmes program initiative administration
    authority authorities organisation organization organisations organizations organización
    organização organizzazione national international federal statistics statistik expedition
    scientists inc ltd llc gmbh plc zentrum bibliothek hochschule verein verband anstalt archiv
    universität government consejo observatory observatories observatoire observatorium center
    centers centro technologies university universities polytechnic politecnico
    redaktion rédaction redacción editorial"""
STRONG = frozenset(_STRONG.split())
"""Words that always say that a name is an organisation's."""

STRONG_PREFIXES = ("universi", "institut", "facult", "fakult", "laborator", "observator", "univerz")
STRONG_SUFFIXES = (
    "zentrum", "gesellschaft", "bibliothek", "hochschule", "verein", "verband", "ministerium",
    "stiftung", "museum", "universität", "anstalt", "archiv", "amt",
)  # fmt: skip
OTHER_SCRIPTS = (
    "университет", "институт", "академия", "універси", "інститут", "πανεπιστ", "ινστιτούτ",
    "جامعة", "معهد", "אוניברסיט", "המכון", "มหาวิทยาลัย", "สถาบัน", "विश्वविद्यालय", "대학교", "연구소",
    "大学", "大學", "研究所", "研究院", "学院", "學院", "科学院", "図書館", "图书馆", "博物館",
    "博物馆", "株式会社", "有限公司", "协会", "協会", "学会", "學會",
)  # fmt: skip
"""Parts of words that say the same in other scripts, where blanks do not always part words."""
SHORTEST_INFLECTED = 6
"""A shorter word cannot begin or end with one of the above and say more than a surname."""

_WEAK = """
    bank church school college house board service services union press group groups team teams
    office library archive archives survey network project projects centre centres company trust
    club council bureau partners district railways railway army navy corps assembly staff studio
    studios photography products division parliament senate directorate"""
WEAK = frozenset(_WEAK.split())
"""Words that are surnames too."""

GROUPS = ("working group", "study group", "task group", "task force")
LINKS = (" of ", " for ", " für ", " pour ")
"""Between three or more words without a comma, they join the name of an organisation."""

_PARTICLES = """
    de da di do dos du del della den der van von vom zu zum zur ten ter te la le af av bin ibn"""
PARTICLES = frozenset(_PARTICLES.split())
GENERATIONS = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
ROMAN = frozenset(("ii", "iii", "iv"))

_TITLES = """
    dr dr. prof prof. professor professorin professeur dr.-ing. prof.dr. univ.-prof. apl.prof.
    apl. pd privatdozent priv.-doz. dipl.-ing. dipl.-phys. dipl.-inform. dipl.-geogr. dipl.-biol.
    dipl.-chem. dipl.-math. mag. dra. dott. dott.ssa"""
TITLES = frozenset(_TITLES.split())
"""Titles in front of a name."""
TITLE_PARTS = frozenset(
    ("med.", "rer.", "nat.", "phil.", "h.c.", "habil.", "jur.", "oec.", "ing.", "-ing.", "sc.",
     "techn.", "theol.", "mult.", "pol.")
)  # fmt: skip
"""Words that go on a title in front of a name."""
_DEGREES = "phd ph.d ph.d. msc m.sc m.sc. bsc b.sc b.sc. dphil d.phil. dr dr. prof prof. drs drs."
DEGREES = frozenset(_DEGREES.split())
"""Degrees at the end of a name that cannot be initials."""
_AFTER_COMMA = "md m.d. ma m.a. ba b.a. mba mph rn jd j.d. csc. drsc. esq esq. frs facs dsc d.sc."
AFTER_COMMA = DEGREES | frozenset(_AFTER_COMMA.split())
"""Degrees that are read as such only behind a second comma: they could be initials."""
