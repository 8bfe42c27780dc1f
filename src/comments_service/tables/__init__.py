"""All tables; importing this package registers every one of them with the metadata."""

from comments_service.tables.articles import Article, Site
from comments_service.tables.comments import Comment, Decision, Recommendation
from comments_service.tables.idempotency import IdempotencyKey
from comments_service.tables.outbox import Outbox
from comments_service.tables.people import Reader, Session
from comments_service.tables.shares import ShareCount

__all__ = [
    "Article", "Comment", "Decision", "IdempotencyKey", "Outbox", "Reader", "Recommendation", "Session",
    "ShareCount", "Site",
]  # fmt: skip
