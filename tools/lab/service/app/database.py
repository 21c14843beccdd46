"""The records of the test service, in PostgreSQL."""

import os
import queue
import threading
import time

import psycopg2
import psycopg2.errors


class NameTaken(Exception):
    """A record of that name exists already."""


class Stopped(Exception):
    """The service was told to stop while it waited."""


SCHEMA = """
create table if not exists example (id integer primary key, name text not null unique, content text)
"""

FIRST_RECORD = """
insert into example (id, name) select 1, 'An example' where not exists (select from example)
"""


def settings() -> dict:
    return {
        "host": os.environ.get("DB_HOST", "dbserver"),
        "port": int(os.environ.get("DB_PORT", "5432")),
        "dbname": os.environ.get("DB_NAME", "lab_db"),
        "user": os.environ.get("DB_USER", "lab_user"),
        "password": os.environ.get("DB_PASSWORD", "lab_password"),
        "connect_timeout": 3,
    }


class Database:
    """Hands out connections, one a request, and keeps the idle ones."""

    def __init__(self):
        self._idle = queue.LifoQueue()

    def wait_and_create(self, deadline_seconds: float, stop: threading.Event):
        """Connects as soon as the server accepts it, then creates or updates the tables.

        PostgreSQL tells nobody when it becomes ready, so this asks ten times a second, until the deadline.
        """
        deadline = time.monotonic() + deadline_seconds
        while True:
            try:
                return self.run(self._create)
            except psycopg2.OperationalError:
                if time.monotonic() >= deadline:
                    raise
            if stop.wait(0.1):
                raise Stopped

    def run(self, work):
        """Runs work(cursor) in a transaction. A kept connection may have died with an earlier server: then again."""
        while True:
            try:
                connection, kept = self._idle.get_nowait(), True
            except queue.Empty:
                connection, kept = psycopg2.connect(**settings()), False
            try:
                with connection, connection.cursor() as cursor:
                    result = work(cursor)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                connection.close()
                if not kept:
                    raise
                continue
            except BaseException:
                self._idle.put(connection)
                raise
            self._idle.put(connection)
            return result

    @staticmethod
    def _create(cursor):
        cursor.execute(SCHEMA)
        cursor.execute("lock table example in exclusive mode")
        cursor.execute(FIRST_RECORD)

    def add(self, name: str, content, before_commit) -> dict:
        """Adds a record; before_commit(record) runs in the same transaction, so both happen or neither."""

        def work(cursor):
            # Not a sequence: after a crash or a refused name it would leave a gap, and ids are to grow by one.
            cursor.execute("lock table example in exclusive mode")
            cursor.execute("select coalesce(max(id), 0) + 1 from example")
            record = {"id": cursor.fetchone()[0], "name": name, "content": content}
            try:
                cursor.execute("insert into example (id, name, content) values (%(id)s, %(name)s, %(content)s)", record)
            except psycopg2.errors.UniqueViolation as taken:
                raise NameTaken(name) from taken
            before_commit(record)
            return record

        return self.run(work)

    def all(self) -> list:
        def work(cursor):
            cursor.execute("select id, name, content from example order by id")
            return [dict(zip(("id", "name", "content"), row)) for row in cursor.fetchall()]

        return self.run(work)

    def name_of(self, record_id: int):
        """The record's name; LookupError if there is none."""

        def work(cursor):
            cursor.execute("select name from example where id = %s", (record_id,))
            row = cursor.fetchone()
            if row is None:
                raise LookupError(f"no record {record_id}")
            return row[0]

        return self.run(work)
