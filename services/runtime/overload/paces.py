"""How long calls of a method usually take, learned as they run: who has less time than that is told at once."""

from typing import Final

from services.common.errors import DomainError

# The estimate leans to the quick calls of a method, so that a quick one is not refused because others are slow.
_UP: Final = 0.05
_DOWN: Final = 0.3
# A refusal lowers the estimate a little, so that sooner or later a call tries whether it still holds.
_DOUBT: Final = 0.98
_MOST_S: Final = 600.0
_FIRST_S: Final = 0.1


class Paces:
    """Usual seconds of every method that was called."""

    def __init__(self) -> None:
        self._usual_s: dict[str, float] = {}

    def usual_s(self, method: str) -> float:
        """Seconds that a call usually takes; a guess before there was one."""
        return self._usual_s.get(method, _FIRST_S)

    def check(self, method: str, left_s: float | None) -> None:
        """DomainError(NO_TIME) when less time is left than the method usually takes."""
        if left_s is None:
            return
        usual_s = self._usual_s.get(method, 0.0)
        if 0 < left_s >= usual_s:
            return
        if usual_s:
            self._usual_s[method] = usual_s * _DOUBT
        raise DomainError(
            "NO_TIME", detail=f"{max(left_s, 0):.2f} s are left, it usually takes {usual_s:.2f} s"
        )

    def took(self, method: str, seconds: float) -> None:
        """A call that ended well took so long."""
        usual_s = self._usual_s.get(method)
        if usual_s is None:
            self._usual_s[method] = seconds
            return
        self._usual_s[method] = usual_s + (seconds - usual_s) * (_UP if seconds > usual_s else _DOWN)

    def ran_out(self, method: str, seconds: float) -> None:
        """A call had not ended after so long, when its time was over: calls take longer than that."""
        known_s = self._usual_s.get(method, 0.0)
        self._usual_s[method] = min(max(known_s, 2 * seconds), _MOST_S)
