"""All tables; importing this package registers every one of them with the metadata."""

from comments_service.tables.articles import Article, ArticleAlias, Publisher, Site
from comments_service.tables.comments import Comment, Recommendation, Report, Revision
from comments_service.tables.journal import Decision, DecisionEvidence
from comments_service.tables.outbox import Job, Lease, Outbox
from comments_service.tables.people import Identity, Membership, Moderator, OneTimeLink, Reader, Session, SignInTry
from comments_service.tables.searching import Searchable
from comments_service.tables.shares import Share, ShareCount
from comments_service.tables.tokens import ApiToken, IdempotencyKey, SpentToken

__all__ = [
    "ApiToken", "Article", "ArticleAlias", "Comment", "Decision", "DecisionEvidence", "IdempotencyKey", "Identity",
    "Job", "Lease", "Membership", "Moderator", "OneTimeLink", "Outbox", "Publisher", "Reader", "Recommendation",
    "Report", "Revision", "Searchable", "Session", "Share", "ShareCount", "SignInTry", "Site", "SpentToken",
]  # fmt: skip
