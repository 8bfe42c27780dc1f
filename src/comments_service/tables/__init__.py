"""All tables; importing this package registers every one of them with the metadata."""

from comments_service.tables.articles import Article, ArticleAlias, Publisher, Site
from comments_service.tables.badges import Expert, StaffCode, StaffReader
from comments_service.tables.comments import Comment, Recommendation, Report, ReportNotice, Revision
from comments_service.tables.journal import Decision, DecisionEvidence
from comments_service.tables.mail import MailAllowance, Mailbox, MailSignIn, SiteMail, SuppressedAddress
from comments_service.tables.notices import Follow, Mute, Notice, NoticeSettings
from comments_service.tables.outbox import Job, Lease, Outbox
from comments_service.tables.people import (
    Erasure,
    Identity,
    Membership,
    Moderator,
    OneTimeLink,
    Reader,
    Session,
    SignInTry,
)
from comments_service.tables.privacy import NetworkSalt, SiteChange
from comments_service.tables.providers import Provider
from comments_service.tables.searching import Searchable
from comments_service.tables.shares import Share, ShareCount
from comments_service.tables.staff import Invitation, RecoveryCode, SecondFactor
from comments_service.tables.tokens import ApiToken, IdempotencyKey, SpentToken, SsoKey

__all__ = [
    "ApiToken", "Article", "ArticleAlias", "Comment", "Decision", "DecisionEvidence", "Erasure", "Expert", "Follow",
    "IdempotencyKey", "Identity", "Invitation", "Job", "Lease", "MailAllowance", "MailSignIn", "Mailbox", "Membership",
    "Moderator", "Mute", "NetworkSalt", "Notice", "NoticeSettings", "OneTimeLink", "Outbox", "Provider", "Publisher",
    "Reader", "Recommendation", "RecoveryCode", "Report", "ReportNotice", "Revision", "Searchable", "SecondFactor",
    "Session", "Share", "ShareCount", "SignInTry", "Site", "SiteChange", "SiteMail", "SpentToken", "SsoKey",
    "StaffCode", "StaffReader", "SuppressedAddress",
]  # fmt: skip
