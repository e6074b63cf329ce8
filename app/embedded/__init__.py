"""A private PostgreSQL 18 and a private Valkey for the laptop and the tests."""

from app.embedded.errors import ServersError
from app.embedded.servers import Servers, start_servers

__all__ = ["Servers", "ServersError", "start_servers"]
