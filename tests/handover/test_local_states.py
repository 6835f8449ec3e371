"""States that are files lie inside the bundle; all others stay where they are."""

from handover.local_states import inside_bundle

PATH = "../../../state/terrabatch/dev/queues.tfstate"


def test_a_local_state_and_those_that_are_read_lie_beside_the_root_modules() -> None:
    read = {"backend": "local", "config": {"path": PATH}}
    document = {
        "terraform": {"backend": {"local": {"path": PATH}}, "required_version": ">= 1.10.0"},
        "data": {"terraform_remote_state": {"queues": read}},
    }
    inside = inside_bundle(document)
    assert inside["terraform"]["backend"]["local"]["path"] == "../state/terrabatch/dev/queues.tfstate"
    assert (
        inside["data"]["terraform_remote_state"]["queues"]["config"]["path"] == "../state/terrabatch/dev/queues.tfstate"
    )
    assert document["terraform"]["backend"]["local"]["path"] == PATH  # type: ignore[index]  # what was given stays


def test_other_states_stay_where_they_are() -> None:
    backend = {"s3": {"bucket": "states", "key": "../a"}}
    read = {"backend": "s3", "config": {"bucket": "states", "key": "../a"}}
    document = {"terraform": {"backend": backend}, "data": {"terraform_remote_state": {"queues": read}}}
    assert inside_bundle(document) == document
