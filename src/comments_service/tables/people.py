"""Readers, moderators, and the sessions of both. A guest is a reader too."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Reader(Model):
    """One person on one site, with the record that the rules and the desk look at.

    `skeleton` is what the name has in common with all that look like it, and is kept of names that somebody vouches
    for: no guest gets one of those.
    """

    __tablename__ = "readers"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    skeleton: Mapped[str | None] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    approved: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        Index("ix_readers_skeleton", "site_id", "skeleton"),
    )

    @classmethod
    def erased(cls) -> ColumnElement[bool]:
        """Whether a reader is erased, or going to be: nobody else has no name."""
        return cls.name == ""


class Identity(Model):
    """How a reader is known elsewhere: an issuer, and the subject it names, with what it last said of that person.

    `source` is sso, where the paper vouches for the name, or oidc.
    """

    __tablename__ = "identities"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    reader_id: Mapped[str] = mapped_column(PublicId)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    email_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    profile_url: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    source: Mapped[str] = mapped_column(String(10), default="sso", server_default="sso")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    updated: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("site_id", "issuer", "subject"),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_identities_reader", "site_id", "reader_id"),
    )


class Moderator(Model):
    """One person of the staff; what they may do is in their memberships. `language` may be empty: the browser's.

    `skeleton` is what the name has in common with all that look like it.
    """

    __tablename__ = "moderators"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    skeleton: Mapped[str] = mapped_column(String(200), default="", server_default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Membership(Model):
    """What a moderator is on one site; `role` is owner or moderator."""

    __tablename__ = "memberships"
    site_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sites.id"), primary_key=True)
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    __table_args__ = (Index("ix_memberships_moderator", "moderator_id"),)


class Session(Model):
    """A browser that may act as a reader or as staff. Only the SHA-256 of its secret is kept here.

    `purpose` is reader or desk; `audience` is the id of the one site it counts on, or desk. `family` joins the
    sessions that were made from each other, so that a stolen one ends them all: `replaced_at` is when the next one of
    the family took over. `opened_by` is password or link for the desk; of a reader it is sso, mail or oidc, or empty
    for a guest. Who is at the desk has proved who that is when the session began, or, if it says so, again at
    `proved_at`. With the audience code a session is of the desk too, and opens nothing: its password was right, and
    its code is awaited.
    """

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(40))
    family: Mapped[str] = mapped_column(PublicId, default=new_id)
    site_id: Mapped[str | None] = mapped_column(PublicId)
    reader_id: Mapped[str | None] = mapped_column(PublicId)
    moderator_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("moderators.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    origin: Mapped[str] = mapped_column(String(300))
    device: Mapped[str] = mapped_column(String(100), default="")
    opened_by: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("purpose", "audience", "digest"),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        CheckConstraint(
            "(purpose = 'reader' AND site_id IS NOT NULL AND reader_id IS NOT NULL AND moderator_id IS NULL)"
            " OR (purpose = 'desk' AND site_id IS NULL AND reader_id IS NULL AND moderator_id IS NOT NULL)",
            name="one_person",
        ),
        Index("ix_sessions_reader", "site_id", "reader_id"),
        Index("ix_sessions_moderator", "moderator_id"),
        Index("ix_sessions_digest", "digest"),
        Index("ix_sessions_family", "family"),
    )


class Erasure(Model):
    """A reader who asked to be erased, which begins at `due_at` and can be taken back until then.

    `way` is tombstones, where the place of every comment stays, or removal, where those go that nobody has answered.
    """

    __tablename__ = "erasures"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    way: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),)


class OneTimeLink(Model):
    """A link that opens the desk once."""

    __tablename__ = "one_time_links"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_one_time_links_moderator", "moderator_id"),)


class SignInTry(Model):
    """How often somebody tried to sign in as one login, or from one network, of late; `digest` names which."""

    __tablename__ = "sign_in_tries"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_sign_in_tries_last_at", "last_at"),)
