"""``python -m benchmarks.worker_day``: simulate the day and write its picture for the README."""

from pathlib import Path

from benchmarks.worker_day.day import WORKER, arrivals
from benchmarks.worker_day.picture import picture
from benchmarks.worker_day.simulation import Simulation

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "worker-day.svg"


def main() -> None:
    """Write the picture and say what it shows."""
    simulation = Simulation(WORKER).run(arrivals())
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture(simulation.minutes, WORKER), encoding="utf-8")
    most = max(minute.desired for minute in simulation.minutes)
    print(
        f"{len(simulation.latencies):,} messages, the slowest done after {max(simulation.latencies):,.0f} s "
        f"(promised {WORKER.acceptable_latency_seconds:,} s); at most {most} tasks; {PICTURE.name} written"
    )


if __name__ == "__main__":
    main()
