"""A page in two pieces: what is done goes out at once, what takes its time follows as its end.

The second piece lies last in the bytes and stands where its `slot` says, so that the order in which
a page is read does not depend on the order in which it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Response

MARK = Markup("<!-- the second piece -->")
"""What a template puts out where the second piece goes; no text is taken for it: all is escaped."""


def follow(answer: Response, later: Callable[[], str]) -> None:
    """Let the second piece of a page, `later`, be made once the first is on its way.

    It has an application at hand, but no request, and must not fail: the status is told by then.
    """
    before, _, after = answer.get_data(as_text=True).partition(str(MARK))
    context = current_app.app_context()

    def pieces() -> Iterator[bytes]:
        yield before.encode()
        with context:
            end = later() + after
        yield end.encode()

    answer.response = pieces()
    answer.headers.pop("Content-Length", None)
    answer.headers["X-Accel-Buffering"] = "no"
