"""The commands of a document, as a bash script that runs them in order.

    commands.py DOCUMENT ELSEWHERE

A command is a line of a block that begins with ```sh, or a line of README's indented blocks that begins with
"labctl", "sudo", "curl", "ssh" or "eval". A comment "# exit status N" tells its exit status, 0 without one.
ELSEWHERE lists commands that another test runs, "DOCUMENT: COMMAND => TEST". It is an error if it has one that
the document no longer has.
"""
import re
import shlex
import sys

FIRST_WORDS = ("labctl", "sudo", "curl", "ssh", "eval")


def commands_in(text):
    """(number of the line, command with its comment)"""
    in_block = False
    sample = False  # a block that shows what a command prints
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            in_block = line == "```sh"
        elif in_block:
            if line.strip():
                yield number, line
        elif line.startswith("    "):
            sample = sample or line.startswith("    $ ")
            if not sample and line.split()[0] in FIRST_WORDS:
                yield number, line.strip()
        else:
            sample = False


def elsewhere_of(text, document):
    rows = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            where, rest = line.split(": ", 1)
            command, test = rest.rsplit(" => ", 1)
            if where == document:
                rows[command.strip()] = test.strip()
    return rows


def main():
    document, elsewhere_file = sys.argv[1:]
    name = document.rsplit("/", 1)[-1]
    with open(elsewhere_file, encoding="utf-8") as file:
        elsewhere = elsewhere_of(file.read(), name)
    with open(document, encoding="utf-8") as file:
        found = list(commands_in(file.read()))
    if not found:
        sys.exit(name + " has no commands")
    for number, line in found:
        command, _, comment = line.partition(" #")
        command = command.strip()
        if elsewhere.pop(command, None):
            continue
        expected = re.search(r"exit status (\d+)", comment)
        print("documented %s %s %s" % (shlex.quote("%s:%d" % (name, number)), expected[1] if expected else 0, shlex.quote(command)))
    if elsewhere:
        sys.exit("%s no longer has: %s" % (name, ", ".join(elsewhere)))


main()
