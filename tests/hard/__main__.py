"""`python -m tests.hard [GROUP …]`: run the trials, print counts; exit 1 where a promise was broken."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.hard.bench import Bench
from tests.hard.groups import GROUPS, all_trials
from tests.hard.program import Broken
from tests.hard.trial import Skipped, Trial


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.hard")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn")
    parser.add_argument("--share", type=float, default=1.0, help="share of the corruptions and kills to try")
    parser.add_argument("--only", default="", help="trials whose name holds this text")
    parser.add_argument("--out", type=Path, help="JSON file for counts and failures")
    parser.add_argument("--keep", action="store_true", help="keep the folders of the trials")
    asked = parser.parse_args()
    unknown = set(asked.groups) - set(GROUPS)
    if unknown:
        parser.error(f"unknown group {', '.join(sorted(unknown))}")
    trials = [t for t in all_trials(asked.groups or GROUPS, asked.seed, asked.share) if asked.only in t.name]
    root = Path(tempfile.mkdtemp(prefix="hard-"))
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[tuple[Trial, str]] = []
    start = time.monotonic()
    with Bench(root) as bench:
        for number, trial in enumerate(trials, start=1):
            result, why = run_trial(trial, bench)
            counts[trial.group, result] += 1
            if result == "broken":
                failures.append((trial, why))
                print(f"BROKEN {trial.group}: {trial.name}: {why}", flush=True)
            if result == "skipped":
                print(f"skipped {trial.group}: {trial.name}: {why}", flush=True)
            if number % 50 == 0:
                print(f"{number} of {len(trials)} tried, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
            if not asked.keep:
                for left in root.glob("trial-*"):
                    shutil.rmtree(left, ignore_errors=True)
    if not asked.keep:
        shutil.rmtree(root, ignore_errors=True)
    _print_counts(counts, time.monotonic() - start)
    if asked.out:
        _write(asked.out, counts, failures)
    return 1 if failures else 0


def run_trial(trial: Trial, bench: Bench) -> tuple[str, str]:
    """Return `held`, `broken` or `skipped`, and why."""
    try:
        trial.tried(bench)
    except Skipped as why:
        return "skipped", str(why)
    except Broken as why:
        return "broken", str(why)
    except Exception as why:  # noqa: BLE001 - a trial that cannot judge holds nothing, and must not end the others
        return "broken", f"the trial itself: {type(why).__name__}: {why}"
    return "held", ""


def _print_counts(counts: Counter[tuple[str, str]], seconds: float) -> None:
    print(f"{'group':<14}{'tried':>8}{'held':>8}{'broken':>8}{'skipped':>9}")
    for group in sorted({group for group, _ in counts}):
        held, broken, skipped = (counts[group, result] for result in ("held", "broken", "skipped"))
        print(f"{group:<14}{held + broken:>8}{held:>8}{broken:>8}{skipped:>9}")
    print(f"{seconds:.0f} s on {platform.machine()}, Python {platform.python_version()}")


def _write(path: Path, counts: Counter[tuple[str, str]], failures: list[tuple[Trial, str]]) -> None:
    told = [{"group": group, "result": result, "trials": n} for (group, result), n in sorted(counts.items())]
    broken = [{"group": trial.group, "name": trial.name, "why": why} for trial, why in failures]
    path.write_text(json.dumps({"counts": told, "broken": broken}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
