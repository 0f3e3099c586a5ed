"""The cache of compiled loops follows all their sources."""

from __future__ import annotations

import numba

from fraud.rings.shared_patients import compile as compiling


def test_cache_is_named_after_the_state_of_all_sources(monkeypatch):
    def loop(value):
        return value + 1

    before = compiling._digest_of_sources()
    assert compiling.compiled(loop)(1) == 2
    assert loop.__qualname__.endswith(before)
    monkeypatch.setattr(compiling.Path, "read_bytes", lambda _: b"changed")
    assert compiling._digest_of_sources() != before


def test_without_a_cache_folder_it_still_compiles(monkeypatch):
    plain = numba.njit

    def refuse(*args, **options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(*args, **options)

    monkeypatch.setattr(compiling.numba, "njit", refuse)
    assert compiling.compiled(lambda value: value * 2)(4) == 8
