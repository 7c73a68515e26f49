"""The names of periods, of the Earth and of history: they are subjects, not places.

A name counts only as a whole value, with or without "Early", "Late" and the like in front.
"""

from __future__ import annotations

import re

_PERIODS = """
    hadean archean archaean proterozoic phanerozoic precambrian cryptozoic paleoproterozoic
    mesoproterozoic neoproterozoic ediacaran cryogenian tonian paleozoic palaeozoic mesozoic
    cenozoic cainozoic cambrian ordovician silurian devonian carboniferous mississippian
    pennsylvanian permian triassic jurassic cretaceous paleogene palaeogene neogene quaternary
    tertiary paleocene palaeocene eocene oligocene miocene pliocene pleistocene holocene
    anthropocene cenomanian turonian coniacian santonian campanian maastrichtian danian selandian
    thanetian ypresian lutetian bartonian priabonian rupelian chattian aquitanian burdigalian
    langhian serravallian tortonian messinian zanclean piacenzian gelasian calabrian chibanian
    berriasian valanginian hauterivian barremian aptian albian hettangian sinemurian pliensbachian
    toarcian aalenian bajocian bathonian callovian oxfordian kimmeridgian tithonian induan
    olenekian anisian ladinian carnian norian rhaetian präkambrium kambrium ordovizium silur
    karbon trias kreide paläogen neogen quartär tertiär paläozän eozän oligozän miozän pliozän
    pleistozän holozän paläozoikum mesozoikum känozoikum archaikum proterozoikum holocène
    pléistocène miocène éocène crétacé jurassique permien dévonien quaternaire weichselian eemian
    saalian elsterian wisconsinan devensian paleolithic palaeolithic mesolithic neolithic
    chalcolithic eneolithic prehistory prehistoric protohistory antiquity hellenistic byzantine
    medieval renaissance baroque paläolithikum mesolithikum neolithikum altsteinzeit
    mittelsteinzeit jungsteinzeit steinzeit bronzezeit eisenzeit kupferzeit urgeschichte
    frühgeschichte antike spätantike mittelalter frühmittelalter hochmittelalter spätmittelalter
    neuzeit barock aufklärung vormärz biedermeier latènezeit hallstattzeit völkerwanderungszeit
    wikingerzeit kaiserzeit néolithique paléolithique mésolithique antiquité préhistoire neolítico
    paleolítico mesolítico antigüedad prehistoria"""
_WORDS = frozenset(_PERIODS.split())
_NAMES = frozenset(
    (
        "bronze age", "iron age", "stone age", "old stone age", "new stone age", "copper age",
        "middle ages", "dark ages", "early modern period", "modern period", "modern era", "ice age",
        "last glacial maximum", "last glacial", "little ice age", "medieval warm period",
        "younger dryas", "older dryas", "classical antiquity", "late antiquity", "roman period",
        "roman era", "viking age", "viking period", "migration period",
        "merovingian period", "carolingian period", "medieval period", "hellenistic period",
        "archaic period", "classical period", "geometric period", "byzantine period",
        "ottoman period", "victorian era", "industrial revolution", "french revolution",
        "enlightenment", "age of enlightenment", "reformation", "cold war", "world war i",
        "world war ii", "first world war", "second world war", "interwar period",
        "frühe neuzeit", "römische kaiserzeit", "römische republik", "erster weltkrieg",
        "zweiter weltkrieg", "moyen âge", "moyen-âge", "âge du bronze", "âge du fer",
        "époque moderne", "edad media", "edad moderna", "edad del bronce", "medioevo", "medio evo",
    )
)  # fmt: skip
_FRONT = re.compile(
    r"(?:(?:early|middle|mid|late|lower|upper|latest|earliest|final|frühe[sr]?|mittlere[sr]?"
    r"|späte[sr]?|obere[sr]?|untere[sr]?)[ -]+)+",
    re.IGNORECASE,
)
_BACK = re.compile(r"\s+(?:period|epoch|era|age|eon|stage|time|times)$")
LONGEST = 60


def is_period(text: str) -> bool:
    """Whether a whole text is the name of a geological or historical period."""
    if len(text) > LONGEST:
        return False
    name = " ".join(text.casefold().split())
    for form in (name, _FRONT.sub("", name, count=1)):
        if form in _NAMES or form in _WORDS or _BACK.sub("", form) in _WORDS:
            return True
    return False
