"""Decide comments from the command line."""

import click

from comments_service import moderating, reading
from comments_service.commands.running import open_app
from comments_service.database import db, now
from comments_service.judging import Actor


@click.command()
@click.argument("site_key")
@click.argument("comment_id", required=False)
@click.option("--verdict", type=click.Choice(moderating.VERDICTS), default="published", show_default=True)
@click.option("--reason", type=click.Choice(list(moderating.REASONS)), default=None)
def moderate(site_key: str, comment_id: str | None, verdict: str, reason: str | None) -> None:
    """List what is held on a site, or decide one comment.

    Example: comments-service moderate daily 06c8p5q2vk1u0000000000000g --verdict rejected --reason spam
    """
    with open_app():
        site = reading.site(db.session(), site_key)
        if comment_id is None:
            for comment in moderating.queue(db.session(), site):
                click.echo(f"{comment.id}  {comment.name}: {comment.plain.strip()[:100]!r}")
            return
        version = moderating.find(db.session(), site, comment_id).version
        moderating.decide(
            db.session(), site, comment_id, verdict=verdict, version=version, by=Actor(kind="cli"),
            reason=reason or "", at=now(),
        )  # fmt: skip
        db.session.commit()
    click.echo(f"{comment_id} is {verdict}.")
