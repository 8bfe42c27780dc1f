"""What comes in where readers sign in by mail; of the family of `incoming`."""

from comments_service.email_addresses import MAX_ADDRESS
from comments_service.mail_sign_in import MAX_PAGE
from comments_service.web.incoming import Body, told


class MailAsk(Body):
    """Somebody wants to sign in by mail."""

    email: str = told("The address. Whether anybody is known by it is never said.", minLength=3, maxLength=MAX_ADDRESS)
    page: str = told("Where to go on after the link: a page of the origin that asks.", maxLength=MAX_PAGE)


class MailCode(Body):
    """What came by mail, from the browser that asked for it."""

    attempt: str = told("What this browser got when it asked.", minLength=43, maxLength=43)
    code: str = told("The six digits, or the 32 characters of the link.", minLength=6, maxLength=40)
