"""Count a share click, and know the networks."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from comments_service.database import insert_into
from comments_service.errors import Invalid
from comments_service.tables import Article, ShareCount

NETWORKS = (
    "native", "copy", "email", "whatsapp", "telegram", "x", "facebook", "linkedin", "bluesky", "mastodon", "reddit",
)  # fmt: skip


def record(session: Session, article: Article, *, network: str) -> None:
    """Add one share click. Raises Invalid for a network that is not in the table."""
    if network not in NETWORKS:
        raise Invalid("This network is not known.", field="network")
    session.execute(
        insert_into(session, ShareCount)
        .values(site_id=article.site_id, article_id=article.id, network=network, clicks=1)
        .on_conflict_do_update(
            index_elements=["site_id", "article_id", "network"], set_={"clicks": ShareCount.clicks + 1}
        )
    )
    session.execute(
        update(Article)
        .where(Article.site_id == article.site_id, Article.id == article.id)
        .values(shares=Article.shares + 1)
    )
