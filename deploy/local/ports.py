"""Chooses loopback ports: the usual one when it is free, else any free one."""

import socket


def free_port(preferred: int = 0) -> int:
    """A free TCP port on 127.0.0.1: `preferred` if it is free, else one that the kernel picks."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def free_ports(*preferred: int) -> list[int]:
    """One free port for each of `preferred` (0: any), all different."""
    chosen: list[int] = []
    for wish in preferred:
        port = free_port(wish)
        while port in chosen:
            port = free_port()
        chosen.append(port)
    return chosen


def reserve_ports(*preferred: int) -> tuple[list[int], list[socket.socket]]:
    """One free port for each of `preferred` that no other stack on this machine has reserved, all different.

    Seconds pass between choosing a port and listening on it, and the stack of another folder may choose it meanwhile.
    So each port is reserved by a name in Linux's abstract namespace (unix(7)) while the returned socket is open.
    """
    ports: list[int] = []
    held: list[socket.socket] = []
    for wish in preferred:
        port, name = _reserve(wish)
        ports.append(port)
        held.append(name)
    return ports, held


def _reserve(wish: int) -> tuple[int, socket.socket]:
    port = free_port(wish)
    for _ in range(100):
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0mycelium-port-{port}")
        except OSError:
            name.close()
            port = free_port()
        else:
            return port, name
    raise OSError("no free port on 127.0.0.1")


def answers(port: int) -> bool:
    """Whether something accepts connections on 127.0.0.1:`port`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
