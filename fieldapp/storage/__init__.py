"""The laptop's SQLite: connection, migrations, unit of work, reads, search, backups."""
