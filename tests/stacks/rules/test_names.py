from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.problems import problems
from tests.stacks.environments import environment

QUEUE = MessageQueueSettings(visibility_timeout_seconds=60)
THEIRS = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=60)


def test_a_queue_s_name_fits_with_what_is_appended_to_it_or_is_refused() -> None:
    longest = "x" * (80 - len("terrabatch-test-" + "-dlq.fifo"))
    assert environment(queues={longest: QUEUE})

    assert problems(lambda: environment(queues={f"{longest}x": QUEUE})) == [
        f"queues.{longest}x must give a physical name of at most 71 characters, "
        f"got 72 ('terrabatch-test-{longest}x'); shorten the name"
    ]


def test_project_and_environment_count() -> None:
    longest = "x" * (71 - len("p-test-"))
    assert environment(project="p", queues={longest: QUEUE})
    assert len(problems(lambda: environment(project="pp", queues={longest: QUEUE}))) == 1


def test_a_queue_of_somebody_else_s_has_the_name_it_has() -> None:
    assert environment(queues={"x" * 100: THEIRS})


def test_every_name_that_does_not_fit_is_told() -> None:
    names = ("x" * 60, "y" * 60)
    found = problems(lambda: environment(queues=dict.fromkeys(names, QUEUE), job_queues={}))

    assert [problem.partition(" ")[0] for problem in found] == [f"queues.{name}" for name in names]
