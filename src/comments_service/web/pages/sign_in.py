"""What the link of a mail for signing in opens: the way back to the browser that asked, where alone it counts."""

from flask import Response, render_template

from comments_service import mail_sign_in
from comments_service.database import db, now
from comments_service.mailing import codes, links
from comments_service.web import speaking
from comments_service.web.pages.addresses import service, settings
from comments_service.web.pages.answers import pages, private

FRAGMENT = "comments-mail-"


@pages.get("/m/<token>/sign-in")
def mailed_sign_in(token: str) -> Response:
    """The way back to the page where somebody asked, with the proof that only the browser that asked can use."""
    secret, at = settings().secret_key, now()
    site_id, asked_id = links.read("sign-in", token, secret=secret, at=at)
    site, asked = mail_sign_in.find(db.session(), site_id, asked_id, at=at)
    speaking.speak(asked.language or site.language)
    speaking.speak(speaking.asked() or "")
    proof = codes.proof(secret, site.id, asked.id)
    onward = f"{asked.page}#{FRAGMENT}{proof}" if asked.page else ""
    page = render_template(
        "pages/sign_in_link.html", site_name=site.name, onward=onward, service=service(),
        code=codes.code(secret, site.id, asked.id),
    )  # fmt: skip
    return private(page)
