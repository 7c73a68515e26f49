"""The register of causes: why a harvest, or a record of it, failed, and what helps.

One row a cause. Pages, the command line and alerts print these sentences;
what really happened, with addresses and numbers, is the sentence of each failure.
"""

from __future__ import annotations

from msgspec import Struct


class Cause(Struct, frozen=True):
    """words: what it means. hub: what the hub does. operator, member: what they can do."""

    words: str
    hub: str = ""
    operator: str = ""
    member: str = ""


_LATER = "It tries again later, at growing intervals."
_STANDS = "It stands still, tries again, and goes on by itself."
_REPEATS = "It repeats the request a few times and then comes back later."
_SMALLER = "Offer smaller pages."

CAUSES: dict[str, Cause] = {
    "name-not-found": Cause(
        "The name of the server is not known.", _LATER, "Ask the repository for its new address."
    ),
    "connection-refused": Cause(
        "The server takes no connection.",
        _REPEATS,
        "Check that this machine may connect to the outside.",
        "Check that the service is running and can be reached from outside.",
    ),
    "connection-reset": Cause(
        "The server dropped the connection.",
        _REPEATS,
        "Check that this machine may connect to the outside.",
        "Look into the server's log for the time of the harvest.",
    ),
    "tls-invalid": Cause(
        "The certificate of the server cannot be trusted.",
        "It never goes on with such a certificate.",
        "",
        "Renew the certificate, for the name in the base URL, and send the whole chain.",
    ),
    "timed-out": Cause(
        "No answer came in time.", _REPEATS, "Raise harvest.read_timeout.", _SMALLER
    ),
    "too-slow": Cause("A page took too long to arrive.", _LATER, "", _SMALLER),
    "redirect-loop": Cause(
        "The address leads from redirect to redirect.", _LATER, "", "Correct the base URL."
    ),
    "redirect-refused": Cause(
        "The address redirects to where the hub does not go.", _LATER, "", "Correct the base URL."
    ),
    "private-address": Cause(
        "The address lies inside a private network.",
        "It does not connect.",
        "Allow private addresses for this repository if that is meant.",
    ),
    "http-401": Cause(
        "The server asks for a login.", _LATER, "", "Open the OAI-PMH address to everyone."
    ),
    "http-403": Cause(
        "The server refuses the hub.",
        _LATER,
        "Ask the repository to let the hub through.",
        "Let the hub's user agent through, for the OAI-PMH path.",
    ),
    "blocked": Cause(
        "A shield in front of the server refuses the hub.",
        _LATER,
        "Ask the repository to let the hub through.",
        "Except the OAI-PMH path from the protection against robots.",
    ),
    "robots-forbidden": Cause(
        "The server's robots.txt forbids the address.",
        _LATER,
        "Set obey_robots to no for this repository if it asked to be harvested.",
        "Allow the OAI-PMH path in robots.txt, for all or for Garnery.",
    ),
    "http-404": Cause(
        "There is nothing at the base URL.", _LATER, "Ask the repository for its new address."
    ),
    "http-410": Cause(
        "The server says that the base URL is gone for good.",
        _LATER,
        "Ask the repository for its new address.",
    ),
    "http-4xx": Cause(
        "The server refuses the request.",
        _LATER,
        "",
        "Look into the server's log for this request.",
    ),
    "http-5xx": Cause(
        "The server reports an error of its own.",
        _REPEATS,
        "",
        "Look into the server's log for this request and time.",
    ),
    "asked-to-wait": Cause(
        "The server asked the hub to come back later.", "It comes back when it was asked to."
    ),
    "quiet-hours": Cause("The quiet hours of the repository began.", "It goes on when they end."),
    "not-xml": Cause(
        "The server answered with a web page in place of XML.",
        _REPEATS,
        "",
        "See whether a login, maintenance or protection page stands before the OAI-PMH path.",
    ),
    "empty-body": Cause(
        "The answer was empty.", _REPEATS, "", "Look into the server's log for this request."
    ),
    "hollow-page": Cause(
        "The answer held neither a list nor an error.",
        _REPEATS,
        "",
        "Look into the server's log for this request.",
    ),
    "truncated": Cause(
        "The answer broke off in the middle.",
        _REPEATS,
        "",
        "Raise the memory or time limit of the server, or offer smaller pages.",
    ),
    "body-short": Cause(
        "Fewer bytes came than the server had announced.",
        _REPEATS,
        "",
        "Count Content-Length in bytes, not in characters.",
    ),
    "compression-damaged": Cause(
        "The compressed answer was damaged.",
        "It asks again without compression.",
        "",
        "Mend the compression of the server, or switch it off.",
    ),
    "damaged-xml": Cause(
        "A page is not well-formed XML and could not be mended.",
        "It sets aside what cannot be read and takes the rest.",
        "",
        "Escape `&` and `<` in texts and leave control characters out.",
    ),
    "doctype-refused": Cause(
        "A page declares a document type.",
        "It does not read such pages.",
        "",
        "Leave the DOCTYPE out.",
    ),
    "too-large": Cause(
        "A page is larger than the hub takes.", "", "Raise harvest.max_page_bytes.", _SMALLER
    ),
    "wrong-namespace": Cause(
        "The namespace of OAI-PMH is misspelt.",
        "It reads the answer all the same.",
        "",
        "Write the namespace as in the protocol, with its final slash.",
    ),
    "oai-error": Cause(
        "The server answered with an OAI-PMH error.",
        _LATER,
        "Compare format, sets and dates with what the repository offers.",
    ),
    "format-gone": Cause(
        "The repository no longer offers the format.",
        "It deletes nothing.",
        "Choose another format.",
    ),
    "set-gone": Cause(
        "The repository no longer offers the set.", "It deletes nothing.", "Choose another set."
    ),
    "token-expired": Cause(
        "The place in the list was lost: its token had expired.",
        "It begins this part of the list again.",
        "",
        "Let resumption tokens live an hour or more.",
    ),
    "token-refused": Cause(
        "The server refused a token that it had given.",
        "It begins this part of the list again.",
        "",
        "Escape tokens in XML and decode them once.",
    ),
    "token-loop": Cause(
        "The list leads round in a circle.",
        "It stops and keeps what it has.",
        "",
        "End a list with an empty resumption token.",
    ),
    "page-repeated": Cause(
        "The same page came again and again.",
        "It stops and keeps what it has.",
        "",
        "End a list with an empty resumption token.",
    ),
    "surplus-token": Cause(
        "The last page bears a token that leads nowhere.",
        "It takes the list as ended once that is proved.",
        "",
        "End a list with an empty resumption token.",
    ),
    "list-short": Cause(
        "Fewer records came than the list had announced.",
        "It asks for this part of the list again.",
        "",
        "Keep one order over all pages of a list and announce its true size.",
    ),
    "list-long": Cause(
        "More records came than the list had announced.",
        "",
        "",
        "Announce the true size of a list.",
    ),
    "ignores-dates": Cause(
        "The server takes no notice of `from` and `until`.",
        "It reads everything each time.",
        "",
        "Mend selective harvesting by date.",
    ),
    "granularity-wrong": Cause(
        "The server does not keep to the granularity that it declares.",
        "It uses the one that works.",
        "",
        "Correct the granularity in Identify.",
    ),
    "clock-doubtful": Cause(
        "The clock of the server is off by more than a day.", "", "", "Set the clock of the server."
    ),
    "no-records": Cause("Nothing had changed."),
    "not-modified": Cause("The server says that nothing changed since it was last read whole."),
    "repository-empty": Cause(
        "The repository says that it has no records, though the hub has some of it.",
        "It deletes nothing.",
        "Ask the repository whether that is meant.",
        "Check the index or database behind the OAI-PMH service.",
    ),
    "record-unreadable": Cause(
        "A record could not be read.",
        "It keeps the record as received and asks for it again.",
        "",
        "Mend the record at the place that is named.",
    ),
    "record-without-metadata": Cause(
        "A record came without metadata.",
        "It asks for the record again.",
        "",
        "Send metadata with every record that is not deleted.",
    ),
    "record-without-name": Cause(
        "A record came without an identifier.",
        "It keeps the record as received.",
        "",
        "Give every record an identifier in its header.",
    ),
    "repaired": Cause(
        "A page or record was not well-formed and was mended.",
        "It keeps what was mended, and says how.",
        member="Send well-formed XML in the encoding that it declares.",
    ),
    "moved": Cause(
        "The repository answers from another address for good.",
        "It follows, and keeps the address it was given.",
        "Set the new base URL with `garnery repository edit`.",
    ),
    "address-unusable": Cause(
        "The base URL is no address that can be asked.",
        _LATER,
        "Correct the base URL with `garnery repository edit`.",
    ),
    "format-unknown": Cause(
        "A record came in a format that the hub does not know.",
        "It keeps the record as received.",
        "Choose another format for this repository.",
        "Offer each format under its own prefix.",
    ),
    "path-missing": Cause(
        "The folder or file of the repository is not there.",
        _LATER,
        "See whether the path is right, its disk is mounted, and the hub may read it.",
    ),
    "path-refused": Cause(
        "A link, or a name in an archive, leads out of the folder.",
        "It does not follow it.",
        "Put the file itself into the folder.",
    ),
    "file-unreadable": Cause(
        "A file could not be read.",
        "It reads the others, and removes nothing.",
        "See whether the hub may read the file.",
    ),
    "file-ignored": Cause(
        "Files that hold no records of a known kind were passed over.", "It reads the others."
    ),
    "set-ignored": Cause(
        "Records of other sets came.", "", "", "Honour the argument `set`, or refuse unknown sets."
    ),
    "tombstones-lost": Cause(
        "Records went away without being announced as deleted.",
        "It finds them by reading the whole list.",
        "",
        "Keep deleted records in the lists, or declare that you do not.",
    ),
    "removals-held": Cause(
        "Unusually many records would be removed.",
        "It waits for a decision.",
        "Look at what would be removed, then decide.",
    ),
    "removals-stopped": Cause(
        "Far too many records would be removed.",
        "It removes none.",
        "Look at what would be removed, then decide.",
    ),
    "identifiers-changed": Cause(
        "Records seem to have new identifiers.",
        "",
        "Ask the repository whether it moved.",
        "Keep the identifiers when you move to other software.",
    ),
    "mirrors-us": Cause(
        "Records of this hub came back to it.",
        "It does not take them in.",
        "Choose sets that hold the repository's own records.",
    ),
    "window-large": Cause("A list was too large to be read as one.", "It reads it in parts."),
    "window-lost": Cause(
        "A part of a list could not be had, not even record by record.",
        "It asks for this part again.",
        "",
        "Look into the server's log for this part of the list: one record may break its page.",
    ),
    "gave-up": Cause("Too many pages in a row did not come.", _LATER),
    "stopped-by-operator": Cause(
        "A person stopped the harvest.", "It goes on at the next harvest."
    ),
    "limit-reached": Cause("The harvest ended at the number of records it was limited to."),
    "worker-lost": Cause(
        "The process that harvested ended again and again.",
        _LATER,
        "Look into the log of the workers.",
    ),
    "disk-full": Cause(
        "The hub could not write: its disk is full.", _STANDS, "Make room: see `garnery check`."
    ),
    "database-busy": Cause(
        "The hub's database did not answer, or was busy for too long.",
        _STANDS,
        "See that the database runs: `garnery check`.",
    ),
}


def cause(code: str) -> Cause:
    """Return the row of a cause, also for a single status such as `http-418`; empty if unknown."""
    if code in CAUSES:
        return CAUSES[code]
    if code.startswith("http-") and code[5:6] in ("4", "5"):
        return CAUSES[f"http-{code[5]}xx"]
    return Cause("")
