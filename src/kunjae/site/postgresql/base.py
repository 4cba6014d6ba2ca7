"""Django's PostgreSQL, which asks a connection from the pool whether it lives only where there is a sign that it may not."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """
    Django's own, without a question to the database before the first question of every request.

    A server that went away, or that ended a connection, has closed it: something can then be read from it, as never
    from one that lies idle. Only then it is asked, and replaced if it does not answer. A connection whose other end was
    cut off without a word is found out by the first question either way. Django's own check stays off
    (`CONN_HEALTH_CHECKS`).
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection that lives out of the pool, or make one where there is no pool."""
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or _lives(connection):
                return connection
            self.pool.putconn(connection)  # which throws it away, and makes another


def _lives(connection: "Connection[Any]") -> bool:
    try:
        if _has_something_to_say(connection):
            ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True


def _has_something_to_say(connection: "Connection[Any]") -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
