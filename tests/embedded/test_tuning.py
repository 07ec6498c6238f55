"""The settings that depend on the machine's memory."""

from pathlib import Path

import pytest

from eventanalytics_adapters.embedded import tuning

GIB = 2**30


@pytest.mark.parametrize(
    ("memory", "shared_buffers", "work_mem"),
    [
        (GIB // 8, "32MB", "4MB"),
        (GIB, "128MB", "4MB"),
        (16 * GIB, "2048MB", "64MB"),
        (1024 * GIB, "4096MB", "64MB"),
    ],
)
def test_memory_is_taken_in_proportion_and_within_bounds(
    memory: int, shared_buffers: str, work_mem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "memory_bytes", lambda: memory)
    settings = tuning.server_settings(Path("/tmp"))
    assert (settings["shared_buffers"], settings["work_mem"]) == (shared_buffers, work_mem)


def test_a_containers_limit_counts_and_the_absence_of_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(tuning, "CONTAINER_LIMITS", (tmp_path / "missing", limit))
    limit.write_text("max\n")
    machine = tuning.memory_bytes()
    limit.write_text("1048576\n")
    assert tuning.memory_bytes() == 1048576 < machine
