"""What is added of Cost Explorer is what AWS's API says."""

from tests.rehearsal.local_aws.asking import client


def test_a_monitor_of_costs_is_made_shown_changed_and_deleted() -> None:
    costs = client("ce")
    given = {
        "MonitorName": "a",
        "MonitorType": "CUSTOM",
        "MonitorSpecification": {"Tags": {"Key": "a", "Values": ["b"]}},
    }
    arn = costs.create_anomaly_monitor(AnomalyMonitor=given)["MonitorArn"]
    costs.create_anomaly_monitor(AnomalyMonitor=given)
    costs.update_anomaly_monitor(MonitorArn=arn, MonitorName="b")
    (shown,) = costs.get_anomaly_monitors(MonitorArnList=[arn])["AnomalyMonitors"]
    assert shown == given | {"MonitorArn": arn, "MonitorName": "b"}
    costs.delete_anomaly_monitor(MonitorArn=arn)
    assert len(costs.get_anomaly_monitors()["AnomalyMonitors"]) == 1
