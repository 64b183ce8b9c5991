"""SQLite under SQLCipher: the only package besides server/ that knows SQL."""

import sys

import sqlcipher3

# sqlite-utils looks for this name before the standard library's sqlite3, whose errors and ALTER paths
# do not fit our connection; a package's __init__ is the one place that runs before any of its modules.
sys.modules.setdefault("pysqlite3", sqlcipher3)
