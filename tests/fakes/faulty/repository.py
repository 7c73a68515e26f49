"""A small sound repository, and the steps of an answer that scenarios override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from tests.fakes.faulty.expectations import ALL, NUMBERS, Expectation, identifier

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
PAGE_SIZE = 3


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    path: str
    query: str
    """The query string as sent, not decoded."""
    arguments: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def verb(self) -> str:
        """The OAI-PMH verb, or an empty string."""
        return self.arguments.get("verb", "")

    @property
    def token(self) -> str | None:
        """The resumptionToken, decoded."""
        return self.arguments.get("resumptionToken")


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, with the ways in which it can be spoilt on the wire."""

    body: bytes
    status: int = 200
    content_type: str = "text/xml; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    dropped: bool = False
    """The connection is cut without an answer."""
    delay: float = 0.0
    """Seconds before the answer starts."""


def plain(text: str, status: int, *headers: tuple[str, str]) -> Answer:
    """An answer that is not OAI-PMH."""
    return Answer(text.encode(), status, "text/plain", headers)


def page_of_html(text: str, status: int = 200) -> Answer:
    """A web page instead of OAI-PMH; its <br> keeps it from being XML."""
    return Answer(f"<html><body>{text}<br></body></html>".encode(), status, "text/html")


def now() -> str:
    """The repository's clock, as a UTCdatetime."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def envelope(verb: str, content: str, base_url: str) -> str:
    """A whole OAI-PMH response."""
    return (
        f'{DECLARATION}<OAI-PMH xmlns="{OAI}"><responseDate>{now()}</responseDate>'
        f'<request verb="{verb}">{base_url}</request>{content}</OAI-PMH>'
    )


@dataclass(frozen=True, slots=True)
class Query:
    """A list request: where it starts and which window it asks for."""

    offset: int = 0
    since: str = ""
    until: str = ""

    def at(self, offset: int) -> Query:
        """The same list, from another place."""
        return replace(self, offset=offset)


class TokenError(Exception):
    """The resumptionToken is not one of ours."""


ARGUMENTS = {
    "Identify": (set(), set()),
    "ListSets": (set(), {"resumptionToken"}),
    "ListMetadataFormats": (set(), {"identifier"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
}
"""Required and optional arguments of each verb."""


class Repository:
    """A repository without faults, and the steps that scenarios override.

    A list request passes: gate, read_token, fault, select, page, bad_page, record or header,
    next_query, token_element, document, deliver. Every step answers as a sound repository does.
    """

    expect: ClassVar[Expectation] = ALL
    granularity: ClassVar[str] = "YYYY-MM-DDThh:mm:ssZ"
    base_query: ClassVar[str] = ""
    """Query of the base URL, with its question mark."""

    def __init__(self, name: str, base_url: str) -> None:
        self.name = name
        self.base_url = base_url
        self.lists = 0
        """List requests so far."""
        self._struck = False
        newest = datetime.now(UTC).date() - timedelta(days=16)
        self.days = {n: (newest - timedelta(days=3 * (9 - n))).isoformat() for n in NUMBERS}

    def once(self) -> bool:
        """True at the first call only: for faults that strike once."""
        first, self._struck = not self._struck, True
        return first

    # -- the steps ------------------------------------------------------------------------

    def gate(self, request: Request) -> Answer | None:
        """Answer before the verb is looked at, or None to go on."""

    def fault(self, request: Request) -> Answer | None:
        """Answer a list request with something else than a list, or None to go on."""

    def select(self, query: Query) -> list[int]:
        """The records whose datestamps lie in the window."""
        return [n for n in NUMBERS if self._in_window(self.days[n] + "T12:00:00Z", query)]

    def page(self, numbers: list[int], query: Query) -> list[int]:
        """The records of one page."""
        return numbers[query.offset : query.offset + PAGE_SIZE]

    def bad_page(self, page: list[int]) -> Answer | None:
        """Answer with something else than this page, or None to go on."""

    def next_query(self, numbers: list[int], query: Query) -> Query | None:
        """Where the next page starts, or None at the end of the list."""
        following = query.offset + PAGE_SIZE
        return query.at(following) if following < len(numbers) else None

    def write_token(self, query: Query) -> str:
        """The resumptionToken that leads to a page."""
        return f"{query.offset}~{query.since}~{query.until}"

    def read_token(self, token: str) -> Query:
        """The page that a resumptionToken leads to; TokenError if there is none."""
        offset, *window = token.split("~")
        if len(window) != 2 or not offset.isdigit():
            raise TokenError(token)
        return Query(int(offset), *window)

    def token_element(self, query: Query, following: Query | None) -> str:
        """The <resumptionToken> element after a page."""
        if following is None:
            return self.last_token_element()
        text = self.write_token(following).replace("&", "&amp;")
        return f"<resumptionToken{self.token_attributes(query)}>{text}</resumptionToken>"

    def token_attributes(self, query: Query) -> str:
        """Attributes of a <resumptionToken>, with a space before each."""
        return ""

    def last_token_element(self) -> str:
        """What stands at the end of the last page."""
        return ""

    def title(self, number: int) -> str:
        """The text of dc:title, as XML."""
        return f"Café r{number}"

    def more_dc(self, number: int) -> str:
        """Further oai_dc elements, as XML."""
        return ""

    def metadata(self, number: int) -> str:
        """The <metadata> element."""
        return (
            f'<metadata><oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}">'
            f"<dc:title>{self.title(number)}</dc:title><dc:creator>Lovelace, Ada</dc:creator>"
            "<dc:publisher>Faulty Repository</dc:publisher><dc:date>2020-02-29</dc:date>"
            "<dc:type>Dataset</dc:type>"
            f"<dc:identifier>https://doi.org/10.5072/{self.name}.r{number}</dc:identifier>"
            f"{self.more_dc(number)}</oai_dc:dc></metadata>"
        )

    def stamp(self, number: int) -> str:
        """The <datestamp> element."""
        return f"<datestamp>{self.days[number]}T12:00:00Z</datestamp>"

    def status(self, number: int) -> str:
        """The status attribute of a header, with a space before it."""
        return ""

    def header(self, number: int) -> str:
        """The <header> element."""
        return (
            f"<header{self.status(number)}><identifier>{identifier(number)}</identifier>"
            f"{self.stamp(number)}</header>"
        )

    def record(self, number: int) -> str:
        """The <record> element."""
        return f"<record>{self.header(number)}{self.metadata(number)}</record>"

    def before_list(self) -> str:
        """What stands before the list element."""
        return ""

    def document(self, text: str) -> str:
        """The whole list response as text."""
        return text

    def deliver(self, text: str, request: Request) -> Answer:
        """The whole list response as it goes on the wire."""
        return Answer(text.encode())

    # -- the verbs ------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        early = self.gate(request)
        if early is not None:
            return early
        if request.verb not in ARGUMENTS:
            return self.error("badVerb")
        problem = self.argument_error(request)
        if problem is not None:
            return self.error(*problem)
        if request.verb in ("ListRecords", "ListIdentifiers"):
            return self._list(request)
        content = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListSets": lambda _: '<error code="noSetHierarchy">no sets</error>',
            "GetRecord": self._get_record,
        }[request.verb](request)
        return Answer(envelope(request.verb, content, self.base_url).encode())

    def error(self, code: str, message: str = "refused") -> Answer:
        """An OAI-PMH error."""
        content = f'<error code="{code}">{message}</error>'
        return Answer(envelope("ListRecords", content, self.base_url).encode())

    def earliest(self) -> str:
        """The earliestDatestamp that Identify gives."""
        return (datetime.now(UTC) - timedelta(days=42)).strftime("%Y-%m-%dT00:00:00Z")

    def argument_error(self, request: Request) -> tuple[str, str] | None:
        """What is wrong with the arguments: code and message."""
        required, optional = ARGUMENTS[request.verb]
        given = set(request.arguments) - {"verb"}
        if "resumptionToken" in given:
            exclusive = given == {"resumptionToken"}
            return None if exclusive else ("badArgument", "resumptionToken stands alone")
        if not required <= given <= required | optional:
            return "badArgument", "missing or unknown argument"
        if request.arguments.get("metadataPrefix", "oai_dc") != "oai_dc":
            return "cannotDisseminateFormat", "oai_dc only"
        return ("noSetHierarchy", "no sets") if "set" in given else None

    def _identify(self, request: Request) -> str:
        return (
            f"<Identify><repositoryName>Faulty: {self.name}</repositoryName>"
            f"<baseURL>{self.base_url}</baseURL><protocolVersion>2.0</protocolVersion>"
            "<adminEmail>admin@faulty.example</adminEmail>"
            f"<earliestDatestamp>{self.earliest()}</earliestDatestamp>"
            "<deletedRecord>persistent</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def _formats(self, request: Request) -> str:
        return (
            "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
            "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
            f"<metadataNamespace>{OAI_DC}</metadataNamespace></metadataFormat>"
            "</ListMetadataFormats>"
        )

    def _get_record(self, request: Request) -> str:
        wanted = request.arguments["identifier"]
        for number in self.select(Query()):
            if identifier(number) == wanted:
                return f"<GetRecord>{self.record(number)}</GetRecord>"
        return '<error code="idDoesNotExist">unknown identifier</error>'

    def _list(self, request: Request) -> Answer:
        self.lists += 1
        try:
            query = self._query(request)
        except TokenError:
            return self.error("badResumptionToken")
        fault = self.fault(request)
        if fault is not None:
            return fault
        numbers = self.select(query)
        if not numbers:
            return self.error("noRecordsMatch")
        page = self.page(numbers, query)
        bad = self.bad_page(page)
        if bad is not None:
            return bad
        element = self.record if request.verb == "ListRecords" else self.header
        items = "".join(element(number) for number in page)
        items += self.token_element(query, self.next_query(numbers, query))
        content = f"{self.before_list()}<{request.verb}>{items}</{request.verb}>"
        text = self.document(envelope(request.verb, content, self.base_url))
        return self.deliver(text, request)

    def _query(self, request: Request) -> Query:
        if request.token is not None:
            return self.read_token(request.token)
        return Query(0, request.arguments.get("from", ""), request.arguments.get("until", ""))

    @staticmethod
    def _in_window(stamp: str, query: Query) -> bool:
        after = not query.since or stamp[: len(query.since)] >= query.since
        return after and (not query.until or stamp[: len(query.until)] <= query.until)
