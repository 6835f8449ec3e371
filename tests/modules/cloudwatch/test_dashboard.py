from modules.cloudwatch.dashboard import Graph, Line, States, Table, Widget, dashboard_body
from modules.cloudwatch.metrics import Expression, Metric

AGE = Metric("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "a"}, "Maximum", 300)
SHARE = Expression("share", "IF(age > 1, 100 * age / 900, 0)")


def test_widgets_of_a_row_are_side_by_side_and_rows_below_each_other() -> None:
    graph = Graph("a", [Line("a", [AGE])])
    rows: list[list[Widget]] = [[States("b", ["arn"], height=4)], [], [graph, graph, graph], [graph]]
    places = [
        (item["x"], item["y"], item["width"], item["height"]) for item in dashboard_body(rows, "us-east-1")["widgets"]
    ]
    assert places == [(0, 0, 24, 4), (0, 4, 8, 6), (8, 4, 8, 6), (16, 4, 8, 6), (0, 10, 24, 6)]


def test_a_graph_shows_the_last_query_of_each_line_under_ids_that_are_not_those_of_others() -> None:
    graph = Graph("Age", [Line("first", [AGE]), Line("second", [AGE, SHARE])], {"promised": 900})
    assert graph.widget("us-east-1") == {
        "type": "metric",
        "properties": {
            "title": "Age",
            "region": "us-east-1",
            "view": "timeSeries",
            "stacked": False,
            "yAxis": {"left": {"min": 0}},
            "annotations": {"horizontal": [{"label": "promised", "value": 900}]},
            "metrics": [
                [
                    *("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "a"),
                    {"id": "m0age", "label": "first", "period": 300, "stat": "Maximum", "visible": True},
                ],
                [
                    *("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "a"),
                    {"id": "m1age", "period": 300, "stat": "Maximum", "visible": False},
                ],
                [
                    {
                        "id": "m1share",
                        "label": "second",
                        "visible": True,
                        "expression": "IF(m1age > 1, 100 * m1age / 900, 0)",
                    }
                ],
            ],
        },
    }


def test_a_table_is_a_query_of_the_log_group() -> None:
    table = Table("Why", "/aws/events/a", "limit 1").widget("us-east-1")
    assert table["properties"]["query"] == "SOURCE '/aws/events/a' | limit 1"
