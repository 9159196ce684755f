"""Choosing loopback ports: the usual one when it is free, else any that is."""

import socket


def free_port(preferred: int = 0) -> int:
    """A free TCP port on 127.0.0.1: `preferred` if nothing has it, else one the kernel picks."""
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


def answers(port: int) -> bool:
    """Whether something accepts connections on 127.0.0.1:`port`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
