"""The words of dates in seven languages: months, weekdays, what surrounds a date, null words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_MONTHS = """
    january jan januar jänner januari janvier janv enero ene gennaio gen janeiro
    february feb febr februar februari février fevrier févr fevr fév fev febrero febbraio fevereiro
    march mar märz maerz mrz mär maart mrt mars marzo março marco
    april apr avril avr abril abr aprile
    may mai mei mayo maggio mag maio
    june jun juni juin junio giugno giu junho
    july jul juli juillet juil julio luglio lug julho
    august aug augustus août aout agosto ago
    september sep sept septembre septiembre setiembre settembre set setembro
    october oct oktober okt octobre octubre ottobre ott outubro out
    november nov novembre noviembre novembro
    december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro"""
MONTHS: Mapping[str, int] = MappingProxyType(
    {word: number for number, words in enumerate(_MONTHS.split("\n")) for word in words.split()}
)
"""Month names and abbreviations in English, German, French, Spanish, Italian, Portuguese, Dutch."""

_FILLERS = """
    of the de del do da di d den der des le el il la les het van von vom am im on o os
    st nd rd th er ère eme ème re ter
    monday mon tuesday tue tues wednesday wed thursday thu thurs friday fri saturday sat sunday sun
    montag mo dienstag mittwoch mi donnerstag freitag fr samstag sonnabend sonntag so
    lundi lun mardi mercredi jeudi jeu vendredi ven samedi dimanche dim
    lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"""
FILLERS = frozenset(_FILLERS.split())
"""Words beside a day, a month and a year that say nothing more."""

NO_DATE = frozenset(
    (
        "0000", "9999", "n.d.", "n. d.", "nd", "[n.d.]", "[n. d.]", "no date", "s.d.", "s. d.",
        "[s.d.]", "[s. d.]", "sans date", "sin fecha", "senza data", "o. j.", "o.j.", "[o. j.]",
        "[o.j.]", "ohne jahr", "in press", "im druck", "sous presse", "en prensa", "forthcoming",
        "to appear", "undated", "z.j.", "z. j.",
    )
)  # fmt: skip
"""What stands in place of a date and says that there is none."""

_PRESENT = """
    present,now,today,ongoing,current,to date,heute,jetzt,gegenwart,présent,aujourd'hui,actualidad,
    presente,oggi,hoje,heden,.."""
PRESENT = frozenset(word.strip() for word in _PRESENT.split(","))
"""Words for an end that has not come."""

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
ROMAN: Mapping[str, int] = MappingProxyType(
    {numeral: number for number, numeral in enumerate(_ROMAN.split(), 1)}
)
"""The numerals of centuries."""
