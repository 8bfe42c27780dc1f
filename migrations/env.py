"""Run migrations on the database named by the service's configuration."""

from alembic import context
from sqlalchemy import create_engine, text

import comments_service.tables  # noqa: F401 - registers every table with the metadata
from comments_service.database import Model

engine = create_engine(context.config.attributes["database_url"])
if engine.dialect.name == "sqlite":
    # WAL is a property of the file: setting it once here avoids a race of the workers at every connect.
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=Model.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
