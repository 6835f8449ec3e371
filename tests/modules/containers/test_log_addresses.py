import pytest

from modules.containers.log_addresses import fluent_bit_egress, log_driver_egress
from modules.vpc.cidr import INTERNET

Found = list[tuple[str, int, tuple[str, ...]]]
ANYWHERE = (INTERNET,)


@pytest.mark.parametrize(
    ("driver", "options", "found"),
    [
        ("splunk", {"splunk-url": "https://logs.acme.example:8088"}, [("tcp", 8_088, ANYWHERE)]),
        ("splunk", {"splunk-url": "https://logs.acme.example"}, [("tcp", 443, ANYWHERE)]),
        ("splunk", {"splunk-url": "http://logs.acme.example"}, [("tcp", 80, ANYWHERE)]),
        ("fluentd", {"fluentd-address": "logs.acme.internal"}, [("tcp", 24_224, ANYWHERE)]),
        ("fluentd", {"fluentd-address": "tcp://10.0.3.4:24225"}, [("tcp", 24_225, ("10.0.3.4/32",))]),
        ("fluentd", {"fluentd-address": "unix:///var/run/fluent.sock"}, []),
        ("fluentd", {"fluentd-address": "localhost:24224"}, []),
        ("fluentd", {"fluentd-address": "127.0.0.1:24224"}, []),
        ("fluentd", {}, []),
        ("gelf", {"gelf-address": "udp://10.0.3.4:12201"}, [("udp", 12_201, ("10.0.3.4/32",))]),
        ("gelf", {"gelf-address": "tcp://10.0.3.4:12201"}, [("tcp", 12_201, ("10.0.3.4/32",))]),
        ("syslog", {"syslog-address": "tcp+tls://logs.acme.example"}, [("tcp", 514, ANYWHERE)]),
        ("syslog", {"syslog-address": "udp://logs.acme.example:"}, [("udp", 514, ANYWHERE)]),
        ("syslog", {"syslog-address": "tcp://logs:99999999"}, []),
        ("syslog", {"syslog-address": "tcp://[2001:db8::1]:514"}, []),
        ("json-file", {"max-size": "10m"}, []),
    ],
)
def test_a_log_driver_connects_to_where_its_options_say(driver: str, options: dict[str, str], found: Found) -> None:
    assert [(item.protocol, item.from_port, item.cidr_blocks) for item in log_driver_egress(driver, options)] == found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"Name": "datadog", "Host": "logs.datadog.example", "TLS": "on"}, [("tcp", 443, ANYWHERE)]),
        ({"Name": "forward", "Host": "10.0.3.4"}, [("tcp", 24_224, ("10.0.3.4/32",))]),
        ({"name": "forward", "host": "10.0.3.4", "port": "24300"}, [("tcp", 24_300, ("10.0.3.4/32",))]),
        ({"Name": "syslog", "Host": "logs.acme.internal"}, [("udp", 514, ANYWHERE)]),
        ({"Name": "syslog", "Host": "logs.acme.internal", "Mode": "tls"}, [("tcp", 514, ANYWHERE)]),
        (
            {"Name": "kafka", "Brokers": "a.acme.internal:9094, b.acme.internal"},
            [("tcp", 9_094, ANYWHERE), ("tcp", 9_092, ANYWHERE)],
        ),
        ({"Name": "cloudwatch_logs", "region": "us-east-1"}, []),
    ],
)
def test_a_router_connects_to_where_its_options_say(options: dict[str, str], found: Found) -> None:
    assert [(item.protocol, item.from_port, item.cidr_blocks) for item in fluent_bit_egress(options)] == found
