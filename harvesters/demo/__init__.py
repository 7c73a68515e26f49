"""The sample member repositories of `garnery up --demo`, served on loopback by the hub itself."""

from __future__ import annotations

from harvesters.demo.server import REPOSITORIES, DemoServer, SampleRepository

__all__ = ["REPOSITORIES", "DemoServer", "SampleRepository", "serve"]


def serve(host: str = "127.0.0.1", port: int = 0) -> DemoServer:
    """Start the three sample repositories; port 0 takes any free one."""
    return DemoServer(host, port)
