"""What could not be sent for a site, and why; to be tried again, or dropped. Owners only."""

from flask import Response, current_app

from comments_service import notifying
from comments_service.database import db, now
from comments_service.languages import later
from comments_service.settings import Settings
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import desk

# What the last attempt met, by the word that `mailing.delivering` has for it.
TROUBLES = {
    "dns": later("The mail server was not found."),
    "connection": later("The mail server could not be reached."),
    "timeout": later("The mail server did not answer in time."),
    "cut": later("The connection to the mail server was cut."),
    "certificate": later("The connection to the mail server could not be made secure."),
    "tls": later("The connection to the mail server could not be made secure."),
    "auth": later("The mail server refused user or password."),
    "sender": later("The mail server refused the sender's address."),
    "policy": later("The mail server refused the mail."),
    "content": later("The mail server refused the mail."),
    "busy": later("The mail server asked us to come back later."),
    "folder": later("The folder for mail cannot be written."),
}
OTHER = later("It failed for a reason that only the log knows.")
KINDS = {"mail.confirm": later("The confirmation of an address"), "mail.notices": later("Notices to a reader")}


@desk.get("/sites/<site_key>/mail")
def dead_letters(site_key: str) -> Response:
    """What was given up, the newest first; to whom it was to go is not shown."""
    site = guard.site_for(site_key, role="owner")
    settings: Settings = current_app.config["SETTINGS"]
    letters = [
        {"id": row.id, "at": row.dead_at, "what": KINDS.get(row.event), "event": row.event,
         "why": TROUBLES.get(row.trouble, OTHER)}
        for row in notifying.given_up(db.session(), site)
    ]  # fmt: skip
    sender = settings.mail_from if settings.mail_url else None
    return page("desk/mail.html", site=site, letters=letters, sender=sender, role="owner", area="sites", part="mail")


@desk.post("/sites/<site_key>/mail/<letter_id>/retry")
def retry_letter(site_key: str, letter_id: str) -> Response:
    """Try once more from the beginning."""
    notifying.retry(db.session(), guard.site_for(site_key, role="owner"), letter_id, at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/mail", "retried")


@desk.post("/sites/<site_key>/mail/<letter_id>/drop")
def drop_letter(site_key: str, letter_id: str) -> Response:
    """Send it never."""
    notifying.drop(db.session(), guard.site_for(site_key, role="owner"), letter_id, at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/mail", "dropped")
