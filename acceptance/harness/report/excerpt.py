"""What a terminal shows of a failure that says all in its words: where a check stood, and the words."""

import traceback
from collections.abc import Iterator

from acceptance.harness.errors import EngineError, SettingsError, StackError

IN_WORDS = (EngineError, SettingsError, StackError)


def excerpt_of(error: BaseException) -> str:
    """The line of the check and the words of each error, without what libraries raised below; empty for a mistake of ours."""
    met = [*_each(error)]
    if len(met) == 1 and not isinstance(error, IN_WORDS):
        return ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name.startswith("test_")]
    stood = [f"{frame.filename}:{frame.lineno}: in {frame.name}\n    {frame.line}" for frame in frames[-1:]]
    return "\n".join([*stood, *dict.fromkeys(f"E   {type(each).__name__}: {each}" for each in met)])


def _each(error: BaseException) -> Iterator[BaseException]:
    """An error, or all that a group of several holds."""
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from _each(each)
