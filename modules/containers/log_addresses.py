"""To which ports logs leave, as options of log drivers and of Fluent Bit's plugins say or leave to a default.

Source: "Configure logging drivers" in Docker's documentation; "Outputs" in Fluent Bit's manual.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from modules.vpc.traffic_settings import HTTP, HTTPS, Egress

Protocol = Literal["tcp", "udp"]
# The option that says where to, and protocol and port of what it leaves out.
DRIVERS: dict[str, tuple[str, Protocol, int]] = {
    "fluentd": ("fluentd-address", "tcp", 24_224),
    "gelf": ("gelf-address", "udp", 12_201),
    "splunk": ("splunk-url", "tcp", HTTPS),
    "syslog": ("syslog-address", "udp", 514),
}
PLUGINS: dict[str, tuple[Protocol, int]] = {
    "es": ("tcp", 9_200),
    "forward": ("tcp", 24_224),
    "gelf": ("udp", 12_201),
    "http": ("tcp", HTTP),
    "influxdb": ("tcp", 8_086),
    "kafka": ("tcp", 9_092),
    "loki": ("tcp", 3_100),
    "opensearch": ("tcp", 9_200),
    "opentelemetry": ("tcp", HTTP),
    "splunk": ("tcp", 8_088),
    "syslog": ("udp", 514),
    "tcp": ("tcp", 5_170),
}


def log_driver_egress(driver: str, options: Mapping[str, str]) -> Iterator[Egress]:
    """Yield where one of Docker's log drivers connects to over the network."""
    option, protocol, port = DRIVERS.get(driver, ("", "tcp", 0))
    if address := options.get(option):
        yield from _egress(address, protocol, port)


def fluent_bit_egress(options: Mapping[str, str]) -> Iterator[Egress]:
    """Yield where an output of Fluent Bit connects to: what has neither host nor port is a service of AWS."""
    lower = {name.lower(): value for name, value in options.items()}
    protocol, port = PLUGINS.get(lower.get("name", ""), ("tcp", HTTPS))
    if lower.get("mode") in {"tcp", "tls", "udp"}:
        protocol = "udp" if lower["mode"] == "udp" else "tcp"
    if lower.get("port", "").isdecimal() and int(lower["port"]) <= 65_535:
        port = int(lower["port"])
    for address in lower.get("brokers", lower.get("host", "")).split(","):
        if address.strip():
            yield from _egress(address.strip(), protocol, port)


def _egress(address: str, protocol: Protocol, port: int) -> Iterator[Egress]:
    try:
        url = urlsplit(address if "//" in address else f"//{address}")
        host, given = url.hostname, url.port
    except ValueError:  # no address at all
        return
    if host is None or host == "localhost":  # a socket, or an agent on the instance itself
        return
    if url.scheme:
        protocol = "udp" if url.scheme == "udp" else "tcp"
    if url.scheme == "http":
        port = HTTP
    try:
        ranges = [f"{ip_address(host)}/32"] if ip_address(host).version == 4 else []
    except ValueError:
        yield Egress(protocol=protocol, from_port=given or port)
        return
    if ranges and not ip_address(host).is_loopback:
        yield Egress(protocol=protocol, from_port=given or port, cidr_blocks=ranges)
