"""A plugin of pytest for changed code: one failure is the answer, and none is made smaller or told in full."""

from __future__ import annotations

from hypothesis import Phase, settings

ARGUMENTS = ("-p", "tests.mutating.quick_failures", "--tb=no", "--assert=plain")


def pytest_configure() -> None:
    """Ask the examples of the suite, and look for no simpler one where a law fails, nor for a second fault."""
    only = (Phase.explicit, Phase.generate)
    settings.register_profile("one failure", settings(phases=only, report_multiple_bugs=False))
    settings.load_profile("one failure")
