#!/usr/bin/env python3
"""Compares criterion figures with another commit's, and keeps them in docs/performance.md.

    baselines.py compare REVISION [FILTER]   runs the kernel benches of REVISION and of this tree on this machine, in turns, and
                                             lists the change of each; exit status 1 if one takes 10 % longer or more
    baselines.py record [FILTER]             runs them here and writes their figures into the table of docs/performance.md

FILTER is a part of a bench's name. Another machine's figures say nothing about a change, so `compare` runs both sides:
REVISION in a git work tree beside the target folder, which both sides share, so that dependencies are compiled once. Even one
machine is now faster and now slower, so each side runs several times, and the best time of each counts.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
BENCHES = ["kernels", "operators"]
SLOWER = 0.10
ROUNDS = 3
BEGIN, END = "<!-- baselines -->", "<!-- end of baselines -->"


def target():
    """The target folder of cargo."""
    given = os.environ.get("CARGO_TARGET_DIR")
    return pathlib.Path(given).resolve() if given else ROOT / "target"


def programs(tree, side):
    """Builds the benches of `tree`; gives each program and the folder that it runs in.

    Crates of two trees have the same names in a target folder, so those of the other tree are removed before, and the programs
    are taken out."""
    env = dict(os.environ, CARGO_TARGET_DIR=str(target()))

    def cargo(*arguments):
        return subprocess.run(["cargo", *arguments], cwd=tree, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout

    members = json.loads(cargo("metadata", "--locked", "--no-deps", "--format-version", "1"))["packages"]
    cargo("clean", "--release", *(part for m in members for part in ("-p", m["name"])))
    command = ["bench", "--locked", "--no-run", "--message-format=json-render-diagnostics", "-p", "kql-cli", "-p", "kql-engine"]
    for name in BENCHES:
        command += ["--bench", name]
    kept = target() / "baseline-programs" / side
    kept.mkdir(parents=True, exist_ok=True)
    for line in cargo(*command).splitlines():
        message = json.loads(line)
        if message.get("executable") and "bench" in message["target"]["kind"]:
            program = shutil.copy2(message["executable"], kept / message["target"]["name"])
            yield program, pathlib.Path(message["manifest_path"]).parent


def run(programs, kind, only):
    """Runs benches; criterion keeps their figures in folders of the name `kind`."""
    env = dict(os.environ, CRITERION_HOME=str(target() / "criterion"))
    options = ["--bench", "--save-baseline", kind, "--warm-up-time", "1", "--measurement-time", "2"]
    for program, folder in programs:
        subprocess.run([program, *options, *([only] if only else [])], cwd=folder, env=env, check=True)


def figures(kind, only):
    """Name, median in nanoseconds and criterion's description of each bench whose folder `kind` exists."""
    for file in sorted((target() / "criterion").glob(f"*/*/{kind}/estimates.json")):
        about = json.loads((file.parent / "benchmark.json").read_text())
        if not only or only in about["full_id"]:
            yield about["full_id"], json.loads(file.read_text())["median"]["point_estimate"], about


def best(side, only):
    """The best time of each bench over all rounds of a side."""
    times = {}
    for turn in range(ROUNDS):
        for name, nanoseconds, _ in figures(f"{side}{turn}", only):
            times[name] = min(times.get(name, nanoseconds), nanoseconds)
    return times


def compare(revision, only):
    """Both sides in turns; 1 if a bench got slower, else 0."""
    tree = target() / "baseline-tree"
    for old in (target() / "criterion").glob("*/*/*[0-9]"):
        shutil.rmtree(old)
    subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, capture_output=True)
    subprocess.run(["git", "worktree", "add", "--detach", str(tree), revision], cwd=ROOT, check=True)
    try:
        sides = {"before": list(programs(tree, "before")), "now": list(programs(ROOT, "now"))}
        for turn in range(ROUNDS):
            for side, built in sides.items():
                run(built, f"{side}{turn}", only)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    before, now = best("before", only), best("now", only)
    slower = []
    print(f"\n{'bench':<45} {'before':>10} {'now':>10} {'change':>8}")
    for name in sorted(before.keys() & now.keys()):
        change = now[name] / before[name] - 1
        mark = ""
        if change >= SLOWER:
            slower.append(name)
            mark = "  SLOWER"
        print(f"{name:<45} {before[name] / 1e6:>7.3f} ms {now[name] / 1e6:>7.3f} ms {change:>+8.1%}{mark}")
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
    built = list(programs(ROOT, "now"))
    for turn in range(ROUNDS):
        run(built, f"now{turn}", only)
    times = best("now", only)
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    old, tail = rest.split(END)
    rows = {}
    for line in old.splitlines():
        found = re.match(r"\| `([^`]+)` \|([^|]*)\|([^|]*)\|(.*)\|$", line)
        if found:
            rows[found[1]] = [part.strip() for part in found.groups()[1:]]
    for name, _, about in figures("now0", only):
        nanoseconds = times[name]
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
