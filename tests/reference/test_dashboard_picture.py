from xml.etree import ElementTree

from modules.cloudwatch.dashboard import Graph, Line, States, Table, Widget, dashboard_body
from modules.cloudwatch.metrics import Metric
from reference.dashboard_picture import dashboard_picture

AGE = Metric("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "a"})
STATES = States("Alarms", ["arn:aws:cloudwatch:us-east-1:111122223333:alarm:tb-test-a-b"])
GRAPH = Graph("Age", [Line("a & b", [AGE]), Line("c", [AGE])], {"promised": 900})
ROWS: list[list[Widget]] = [[STATES], [GRAPH, Table("Why", "g", "limit 1\n| stats sum(a) as b by c")]]


def test_the_picture_has_every_widget_with_its_curves_and_limits() -> None:
    picture = dashboard_picture("a & b", dashboard_body(ROWS, "us-east-1"))
    assert picture == dashboard_picture("a & b", dashboard_body(ROWS, "us-east-1"))
    tree = ElementTree.fromstring(picture)
    texts = {element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Alarms", "a-b", "Age", "a & b", "900", "Why", "b", "c"} <= texts
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}polyline"))) == 2
