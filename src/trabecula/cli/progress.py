"""How far a long command has come, on standard error: a bar on a terminal, a line a step elsewhere."""

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from trabecula.cli.errors import INTERRUPTED, Refused, say


class Stopped(Refused):
    """Somebody pressed Ctrl-C; the message says how far it came."""

    exit_code = INTERRUPTED


class Progress:
    """Steps by name, one after the other; `loss` says what becomes of the work when it is stopped."""

    def __init__(self, steps: Sequence[str], noun: str, loss: str) -> None:
        self.steps, self.noun, self.loss = steps, noun, loss
        self.finished = 0
        self.bar = _Bar(len(steps)) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self.bar:
            self.bar.start(self._next())
        else:
            say(f"{self.noun.capitalize()} to work through: {len(self.steps)}")
        return self

    def done(self, name: str) -> None:
        """A step is done."""
        self.finished += 1
        if self.bar:
            self.bar.advance(self._next())
        else:
            say(f"  {self.finished} of {len(self.steps)}: {name}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar:
            self.bar.stop()
        if kind is KeyboardInterrupt:
            how_far = f"{self.finished} of {len(self.steps)} {self.noun}"
            raise Stopped(f"stopped after {how_far}; {self.loss}.") from None

    def _next(self) -> str:
        """The step that is under way."""
        return self.steps[self.finished] if self.finished < len(self.steps) else ""


class _Bar:
    """A bar that goes away when it is done."""

    def __init__(self, steps: int) -> None:
        from rich import progress
        from rich.console import Console

        columns = (progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeElapsedColumn())
        self.rich = progress.Progress(
            *columns, progress.TextColumn("{task.description}"), console=Console(stderr=True), transient=True
        )
        self.task = self.rich.add_task("", total=steps)

    def start(self, step: str) -> None:
        """Show the bar."""
        self.rich.update(self.task, description=step)
        self.rich.start()

    def advance(self, step: str) -> None:
        """One further, and what is under way now."""
        self.rich.update(self.task, advance=1, description=step)

    def stop(self) -> None:
        """Take the bar away."""
        self.rich.stop()
