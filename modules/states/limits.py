"""How long an execution takes at most, and how many events its history gets. No constructs.

Source: "Step Functions service quotas" in the Step Functions developer guide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from modules.states.groups import groups_of, order_of
from modules.states.ordering import AtOnce, Block, InTurn, Leaf, block_of
from modules.states.polling_states import LOOP
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import PollingStage, StageSettings

MOST_EVENTS = 25_000
MOST_DEFINITION_BYTES = 1_048_576
MOST_PAYLOAD_BYTES = 262_144

# Start and end of an execution, and what each state adds: entered, exited and, of a task, four for each attempt.
EVENTS_OF_AN_EXECUTION, EVENTS_OF_A_STATE, EVENTS_OF_AN_ATTEMPT = 2, 2, 4


def longest_seconds(stages: Mapping[str, StageSettings], seconds_of: Callable[[StageSettings], float]) -> float:
    """Return how long the stages take at most, each as long as ``seconds_of`` says: that of the longest path."""
    groups = groups_of(stages)

    def of_block(block: Block) -> float:
        match block:
            case Leaf(name):  # jobs that are submitted together run together, too
                return max(seconds_of(stages[item]) for item in groups[name])
            case InTurn(blocks):
                return sum(map(of_block, blocks))
            case AtOnce(blocks):
                return max(map(of_block, blocks))

    return of_block(block_of(order_of(stages)))


def most_events(pipeline: PipelineSettings, document: Mapping[str, Any]) -> int:
    """Return how many events the history of an execution gets at most, if every attempt there is is made."""
    polls = {name: stage.polls + 1 for name, stage in pipeline.all_stages.items() if isinstance(stage, PollingStage)}

    def of_states(states: Mapping[str, Mapping[str, Any]]) -> int:
        return sum(times(*name.partition(": ")) * of_state(state) for name, state in states.items())

    def times(stage: str, _: str, word: str) -> int:
        return polls.get(stage, 1) if word in LOOP else 1

    def of_state(state: Mapping[str, Any]) -> int:
        attempts = 1 + sum(retry["MaxAttempts"] for retry in state.get("Retry", ()))
        own = EVENTS_OF_AN_ATTEMPT * attempts if state["Type"] == "Task" else 0
        inner = sum(of_states(branch["States"]) for branch in state.get("Branches", ()))
        return EVENTS_OF_A_STATE + own + inner + (2 if inner else 0)

    return EVENTS_OF_AN_EXECUTION + of_states(document["States"])
