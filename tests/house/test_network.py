"""No test reaches another machine."""

import socket

import pytest

from tests.conftest import NetworkIsClosed


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_connect_to_another_machine_is_refused(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with socket.socket(family) as probe, pytest.raises(NetworkIsClosed):
        probe.connect((host, 443))


def test_create_connection_by_name_is_refused():
    with pytest.raises(NetworkIsClosed):
        socket.create_connection(("example.org", 443), timeout=1)


def test_connect_to_this_machine_is_allowed():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
