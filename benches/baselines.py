#!/usr/bin/env python3
"""Compares criterion figures with another commit's, and keeps them in docs/performance.md.

    baselines.py compare REVISION [FILTER]   runs the kernel benches of REVISION and of this tree on this machine and lists
                                             the change of each; exit status 1 if one takes 10 % longer or more
    baselines.py record [FILTER]             runs them here and writes their figures into the table of docs/performance.md

FILTER is a part of a bench's name. Another machine's figures say nothing about a change, so `compare` runs both sides:
REVISION in a git work tree beside the target folder, which both sides share, so that dependencies are compiled once.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
BENCHES = ["kernels", "operators"]
SLOWER = 0.10
BEGIN, END = "<!-- baselines -->", "<!-- end of baselines -->"


def target():
    """The target folder of cargo."""
    given = os.environ.get("CARGO_TARGET_DIR")
    return pathlib.Path(given).resolve() if given else ROOT / "target"


def bench(tree, options, only):
    """Runs the benches of `tree` with criterion's options."""
    command = ["cargo", "bench", "--locked", "-p", "kql-cli", "-p", "kql-engine"]
    for name in BENCHES:
        command += ["--bench", name]
    command += ["--", *options] + ([only] if only else [])
    env = dict(os.environ, CARGO_TARGET_DIR=str(target()))
    subprocess.run(command, cwd=tree, env=env, check=True)


def figures(kind, only):
    """Name, criterion's estimates and its description of each bench whose folder `kind` exists."""
    for file in sorted((target() / "criterion").glob(f"*/*/{kind}/estimates.json")):
        bench_folder = file.parent.parent
        described = bench_folder / "new" / "benchmark.json"
        about = json.loads(described.read_text())
        name = about["full_id"]
        if only and only not in name:
            continue
        yield name, json.loads(file.read_text()), about


def compare(revision, only):
    """Both sides in turn; 1 if a bench got slower, else 0."""
    tree = target() / "baseline-tree"
    subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, capture_output=True)
    subprocess.run(["git", "worktree", "add", "--detach", str(tree), revision], cwd=ROOT, check=True)
    try:
        bench(tree, ["--save-baseline", "before"], only)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    bench(ROOT, ["--baseline", "before"], only)
    slower = []
    print(f"\n{'bench':<45} {'change':>8}   95 % between")
    for name, change, _ in figures("change", only):
        median = change["median"]
        point = median["point_estimate"]
        bounds = median["confidence_interval"]
        mark = ""
        if point >= SLOWER:
            slower.append(name)
            mark = "  SLOWER"
        print(f"{name:<45} {point:>+8.1%}   {bounds['lower_bound']:+.1%} and {bounds['upper_bound']:+.1%}{mark}")
    print(f"\n{len(slower)} slower by 10 % or more than {revision}" + (": " + ", ".join(slower) if slower else ""))
    return 1 if slower else 0


def rate(about, nanoseconds):
    """What the bench does in a second, in the unit of its throughput."""
    throughput = about.get("throughput") or {}
    if "Bytes" in throughput:
        return f"{throughput['Bytes'] / nanoseconds * 1000:,.0f} MB/s"
    if "Elements" in throughput:
        return f"{throughput['Elements'] / nanoseconds * 1000:,.1f} M rows/s"
    return ""


def record(only):
    """Writes the table; what a row says of its limit stays."""
    bench(ROOT, [], only)
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    old, tail = rest.split(END)
    rows = {}
    for line in old.splitlines():
        found = re.match(r"\| `([^`]+)` \|([^|]*)\|([^|]*)\|(.*)\|$", line)
        if found:
            rows[found[1]] = [part.strip() for part in found.groups()[1:]]
    for name, estimates, about in figures("new", only):
        nanoseconds = estimates["median"]["point_estimate"]
        limit = rows.get(name, ["", "", ""])[2]
        rows[name] = [f"{nanoseconds / 1e6:,.2f}", rate(about, nanoseconds), limit]
    table = ["", "| bench | ms | rate | limit |", "|---|---|---|---|"]
    table += [f"| `{name}` | {' | '.join(rows[name])} |" for name in sorted(rows)]
    PAGE.write_text(head + BEGIN + "\n".join(table) + "\n" + END + tail)
    return 0


def main(arguments):
    """The two commands of the head of this file."""
    if len(arguments) in (2, 3) and arguments[0] == "compare":
        return compare(arguments[1], arguments[2] if len(arguments) == 3 else None)
    if len(arguments) in (1, 2) and arguments[0] == "record":
        return record(arguments[1] if len(arguments) == 2 else None)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
