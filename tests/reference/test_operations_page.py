from modules.cloudwatch.event_metrics import EVENT_METRICS
from modules.cloudwatch.event_queries import event_queries
from reference.operations_page import operations_page


def test_every_metric_and_query_is_there_with_what_there_can_be_of_it() -> None:
    page = operations_page()
    for name, metric in EVENT_METRICS.items():
        assert f"| `{name}` |" in page
        assert all(f"`{dimension}`" in page for dimension in metric.dimensions)
    assert all(f"| `{name}` |" in page for name in event_queries(["team"]))
    of_queues = sum(metric.most[0] for metric in EVENT_METRICS.values() if metric.most[1] == "job queue")
    assert f"at most {of_queues} for each job queue" in page
