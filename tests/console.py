#!/usr/bin/env python3
"""Runs the commands that a page tells people to repeat by hand, and compares what they print with what the page shows.

    python3 tests/console.py FOLDER PAGE...

The commands are the `$` lines of fenced blocks; they run with bash, in order, in a copy of FOLDER. Commands of the program itself are left to
tests/readme.rs. Needs coreutils and OpenSSL 3.
"""
import pathlib, re, shutil, subprocess, sys, tempfile

OURS = ("unbroken ", "cargo ")
MARK = "\x1e"


def blocks(page):
    return re.findall(r"^```(?:console)?\n(\$ .*?)^```$", page, re.MULTILINE | re.DOTALL)


def commands(block):
    """Pairs of a command and what it prints; a command goes on after a backslash at the end of its line."""
    found = []
    lines = iter(block.splitlines())
    for line in lines:
        if not line.startswith("$ "):
            found[-1][1].append(line)
            continue
        command = [line[2:]]
        while command[-1].endswith("\\"):
            command.append(next(lines))
        found.append(("\n".join(command), []))
    return found


def check(folder, page):
    wanted = [pair for block in blocks(page.read_text()) for pair in commands(block) if not pair[0].startswith(OURS)]
    script = "".join(f"{command}\nprintf '{MARK}'\n" for command, _ in wanted)
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(folder, pathlib.Path(scratch, "copy"))
        run = subprocess.run(["bash", "-c", script], cwd=copy, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    printed = run.stdout.split(MARK)
    wrong = 0
    for (command, expected), found in zip(wanted, printed, strict=False):
        if found.splitlines() != expected:
            wrong += 1
            print(f"{page}: $ {command}\n  expected {expected}\n  found    {found.splitlines()}")
    if len(printed) != len(wanted) + 1 or printed[-1]:
        wrong += 1
        print(f"{page}: not every command ran: {printed[-1]!r}")
    print(f"{page}: {len(wanted)} commands, {wrong} wrong")
    return len(wanted) > 0 and wrong == 0


def main():
    folder, *pages = sys.argv[1:]
    results = [check(folder, pathlib.Path(page)) for page in pages]
    sys.exit(0 if results and all(results) else 1)


main()
