"""Count a share click, and know the networks."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from comments_service.errors import Invalid
from comments_service.tables import Article, ShareCount

NETWORKS = (
    "native", "copy", "email", "whatsapp", "telegram", "x", "facebook", "linkedin", "bluesky", "mastodon", "reddit",
)  # fmt: skip


def record(session: Session, article: Article, *, network: str) -> None:
    """Add one share click. Raises Invalid for a network that is not in the table."""
    if network not in NETWORKS:
        raise Invalid("This network is not known.", field="network")
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(
        insert(ShareCount)
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
