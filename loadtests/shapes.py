"""How many users there are while a run goes on."""

from typing import Any, Final

# Shares of the run's time and of its users, in order.
STEADY: Final = ((1.0, 1.0),)
STEP: Final = ((0.25, 0.25), (0.25, 0.5), (0.25, 0.75), (0.25, 1.0))
PULSE: Final = ((0.4, 0.2), (0.2, 1.0), (0.4, 0.2))
SHAPES: Final = {"steady": STEADY, "step": STEP, "pulse": PULSE, "soak": STEADY}


def users_at(shape: tuple[tuple[float, float], ...], run_share: float, users: int) -> int | None:
    """Users wanted after this share of the run; None when it is over."""
    end = 0.0
    for length, share in shape:
        end += length
        if run_share < end - 1e-9:
            return max(round(share * users), 1)
    return None


def shape_of(kind: str, seconds: float, users: int) -> Any:
    """Locust's shape of a kind of run."""
    # Importing locust replaces blocking calls of the whole process: in its own alone.
    from locust import LoadTestShape

    class Shape(LoadTestShape):
        def tick(self) -> tuple[int, float] | None:
            wanted = users_at(SHAPES[kind], self.get_run_time() / seconds, users)
            return None if wanted is None else (wanted, max(users / 2, 1.0))

    return Shape()
