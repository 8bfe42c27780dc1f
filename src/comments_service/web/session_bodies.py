"""What comes in where readers sign in by mail, or with an account elsewhere; of the family of `incoming`."""

from comments_service.email_addresses import MAX_ADDRESS
from comments_service.mail_sign_in import MAX_PAGE
from comments_service.oidc.handing_over import MAX_LENGTH
from comments_service.web.incoming import Body, told


class MailAsk(Body):
    """Somebody wants to sign in by mail."""

    email: str = told("The address. Whether anybody is known by it is never said.", minLength=3, maxLength=MAX_ADDRESS)
    page: str = told("Where to go on after the link: a page of the origin that asks.", maxLength=MAX_PAGE)


class MailCode(Body):
    """What came by mail, from the browser that asked for it."""

    attempt: str = told("What this browser got when it asked.", minLength=43, maxLength=43)
    code: str = told("The six digits, or the 32 characters of the link.", minLength=6, maxLength=40)


class ElsewhereCode(Body):
    """What the window brought in which somebody has signed in elsewhere."""

    code: str = told("From the window, or from behind `#comments-code=` in the address.", minLength=1,
                     maxLength=MAX_LENGTH)
    verifier: str = told("What the challenge was made of that opened the window.", minLength=43, maxLength=43)
