"""Many small cases in one test: all are tried, and those that fail are told together by name."""

import functools
import inspect
from collections.abc import Callable, Iterable

import pytest

MOST_NAMED = 30


def each(names: str, cases: Iterable[object]) -> Callable[[Callable], Callable]:
    """Like pytest.mark.parametrize, but all cases are one test.

    For families of cases that are over sooner than pytest has begun and reported a test. They
    share what fixtures gave; none is skipped.
    """
    arguments, cases = [name.strip() for name in names.split(",")], list(cases)
    assert cases, f"no case for {names}"

    def of(test: Callable) -> Callable:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def all_of_them(**fixtures: object) -> None:
            failed = {}
            for case in cases:
                values = case if len(arguments) > 1 else (case,)
                try:
                    test(**dict(zip(arguments, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"with {names} = {case!r}")
                    failed[repr(case)] = error
            if failed:
                named = "; ".join([*failed][:MOST_NAMED])
                said = f"{len(failed)} of {len(cases)} cases fail: {named}"
                raise BaseExceptionGroup(said, [*failed.values()])

        given = [p for name, p in signature.parameters.items() if name not in arguments]
        all_of_them.__signature__ = signature.replace(parameters=given)
        return all_of_them

    return of
