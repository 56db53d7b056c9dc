"""Alembic's entry: runs migrations on the connection that the store hands over."""

from alembic import context

connection = context.config.attributes["connection"]
# The store holds the transaction: all migrations of one opening stand or fall together.
context.configure(connection=connection, transactional_ddl=True, version_table="schema_version")
context.run_migrations()
