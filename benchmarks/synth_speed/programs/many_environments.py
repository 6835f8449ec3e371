"""Print the milliseconds that each resource takes in as many copies of production as the second argument says."""

import gc
import sys
import time
from pathlib import Path

from stacks.environment import Environment
from stacks.environments.prod import PROD
from stacks.synthesis import synthesize

gc.disable()  # as main.py does
given = {name: getattr(PROD, name) for name in PROD.model_fields_set}
environments = [Environment(**given | {"name": f"copy-{number}"}) for number in range(int(sys.argv[2]))]
start = time.perf_counter()
stacks = synthesize(environments, Path(sys.argv[1]), complete=True)
print(1_000 * (time.perf_counter() - start) / sum(stack.resources for stack in stacks))
