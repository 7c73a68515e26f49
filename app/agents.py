"""What software or service a User-Agent names: the families by which the provider's use is told.

A family holds nothing personal. Pages for everyone show the families of the register alone: any
other name is whatever its sender chose to write.
"""

from __future__ import annotations

import re
from functools import lru_cache

NAMED: tuple[tuple[str, str], ...] = (
    ("Garnery", r"garnery/"),
    ("OpenAIRE", r"openaire|d-net"),
    ("BASE", r"base-search|\bbase[ -]harvester"),
    ("CORE", r"core\.ac\.uk|\bcore/"),
    ("DataCite", r"datacite|viringo"),
    ("OCLC", r"\boclc\b|worldcat"),
    ("Europeana", r"europeana"),
    ("re3data", r"re3data"),
    ("B2FIND", r"b2find|\bckan"),
    ("metha", r"\bmetha\b"),
    ("Sickle", r"\bsickle"),
    ("oaipmh-scythe", r"scythe"),
    ("pyoai", r"\bpyoai|\boaipmh\b"),
    ("HTTP::OAI", r"http-oai|http::oai|catmandu"),
    ("VuFind", r"vufind"),
    ("DSpace", r"dspace"),
    ("Dataverse", r"dataverse"),
    ("EPrints", r"eprints"),
    ("Invenio", r"invenio|zenodo"),
    ("OAI validator", r"openarchives|oai validator|\boval\b"),
    ("search engines", r"googlebot|bingbot|yandex|baidu|duckduck|applebot"),
    ("other robots", r"bot\b|bot/|crawl|spider|slurp"),
    ("curl", r"^curl/"),
    ("Wget", r"^wget/"),
    ("Python programs", r"python-requests|python-urllib|python-httpx|aiohttp|^python"),
    ("Perl programs", r"libwww-perl|lwp|mojolicious"),
    ("Java programs", r"^java/|apache-httpclient|okhttp|jakarta"),
    ("Go programs", r"go-http-client"),
    ("Ruby programs", r"^ruby|faraday"),
    ("PHP programs", r"guzzle|^php"),
    ("Node programs", r"axios|node-fetch|node-superagent|^node|undici"),
    ("browsers", r"^mozilla/|^opera/"),
)
"""Name and pattern, searched in lower case; the first that fits holds."""

UNNAMED = "unnamed"
OTHERS = "other software"
FAMILIES = frozenset((*(name for name, _ in NAMED), UNNAMED))

_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in NAMED)
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9._-]{1,39}")


@lru_cache(1024)
def family(user_agent: str) -> str:
    """Return the family of a User-Agent; of an unknown one its first product, as it calls it."""
    lowered = user_agent.lower()
    for name, pattern in _PATTERNS:
        if pattern.search(lowered):
            return name
    product = _PRODUCT.match(user_agent)
    return product[0] if product else UNNAMED


def shown(name: str) -> str:
    """Return a family as everyone may see it."""
    return name if name in FAMILIES else OTHERS
