"""What is added of CloudWatch is what AWS's API says."""

from tests.rehearsal.local_aws.asking import client


def test_queries_are_kept_changed_and_forgotten() -> None:
    logs = client("logs")
    query = {"name": "a/slow", "queryString": "limit 1", "logGroupNames": ["a"]}
    id_ = logs.put_query_definition(**query)["queryDefinitionId"]
    logs.put_query_definition(**query | {"queryString": "limit 2"}, queryDefinitionId=id_)
    logs.put_query_definition(**query | {"name": "b"})
    (shown,) = logs.describe_query_definitions(queryDefinitionNamePrefix="a/")["queryDefinitions"]
    assert shown == query | {"queryString": "limit 2", "queryDefinitionId": id_}
    assert logs.delete_query_definition(queryDefinitionId=id_)["success"]
    assert not logs.delete_query_definition(queryDefinitionId=id_)["success"]


def test_an_alarm_of_other_alarms_is_shown_as_it_was_made() -> None:
    cloudwatch = client("cloudwatch")
    given = {"AlarmName": "any", "AlarmRule": 'ALARM("a") OR ALARM("b")', "AlarmDescription": "one of them"}
    cloudwatch.put_composite_alarm(**given)
    (shown,) = cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert given.items() <= shown.items()
    assert shown["ActionsEnabled"] is True
