"""A message to mail addresses that an operator named, handed to the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from app.errors import Undelivered

if TYPE_CHECKING:
    from datetime import datetime

    from app.settings import Settings

TIMEOUT = 20.0
LONGEST_SUBJECT = 150


def send(settings: Settings, subject: str, text: str, at: datetime) -> None:
    """Hand a message to the mail server; raises Undelivered."""
    mail = written(settings, subject, text, at)
    with _translated(settings), _server(settings) as server:
        server.send_message(mail)


def reach(settings: Settings) -> None:
    """Raise Undelivered unless the mail server answers, and knows user and password."""
    with _translated(settings), _server(settings) as server:
        server.noop()


@contextmanager
def _translated(settings: Settings) -> Iterator[None]:
    """Turn what goes wrong into sentences."""
    smtp = settings.smtp
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise Undelivered(f"{smtp.host} does not know this user and password.") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        words = f"{smtp.host} refuses {', '.join(error.recipients)}."
        raise Undelivered(words, final=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        words = f"{smtp.host} answered {error.smtp_code}."
        raise Undelivered(words, final=error.smtp_code >= 500) from None
    except (smtplib.SMTPException, OSError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Undelivered(f"{smtp.host} port {smtp.port}: {reason}.") from None


def written(settings: Settings, subject: str, text: str, at: datetime) -> EmailMessage:
    """Return the mail, plain text, marked so that no machine answers it."""
    sender = settings.smtp.sender or settings.hub.contact
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())[:LONGEST_SUBJECT]
    mail["From"] = sender
    mail["To"] = ", ".join(settings.alerts.mail)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    with _connected(settings) as server:
        if settings.smtp.user:
            server.login(settings.smtp.user, settings.smtp.password)
        yield server


def _connected(settings: Settings) -> smtplib.SMTP:
    smtp = settings.smtp
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)
    if smtp.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
