"""The manual pages name every command, option and setting that the programs have."""
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

CLI = os.environ.get("MEMORYPRO_CLI", "memorypro")
EMULATOR = os.environ.get("MEMORYPRO_EMULATOR", "memorypro-emulator")
PAGES = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else Path(__file__).parents[2] / "docs/man"


def output_of(*arguments, program=CLI):
    return subprocess.run([program, *arguments], text=True, stdout=subprocess.PIPE, timeout=60,
                          stdin=subprocess.DEVNULL, check=True, env={"HOME": "/"}).stdout


def completed(*words):
    lines = output_of("completion", "words", "memorypro", *words).splitlines()
    return [line.split("\t")[0] for line in lines if line != ":files"]


def page(name):
    return (PAGES / name).read_text(encoding="utf-8").replace("\\-", "-")


def section_of(text, verb):
    """The part of the page under `.SS verb`."""
    for part in text.split("\n.SS ")[1:]:
        if part.split(None, 1)[0] == verb:
            return part
    return ""


class ManPages(unittest.TestCase):
    def test_every_command_and_option_is_explained(self):
        text = page("memorypro.1")
        common, filters = text.split(".SH COMMANDS")[0], section_of(text, "recall")
        verbs = completed("")
        self.assertIn("store", verbs)
        for verb in verbs:
            section = section_of(text, verb)
            self.assertTrue(section, verb)
            for nested in completed(verb, ""):
                self.assertIn(f"{verb} {nested}", section)
            for option in completed(verb, "--"):
                places = common + section + (filters if verb == "list" else "")
                self.assertIn(option, places, verb)

    def test_every_setting_is_explained(self):
        text = page("memoryprod.8")
        settings = json.loads(output_of("config", "--json", "--config", "/dev/null"))
        self.assertIn("MEMORYPRO_SOCKET", settings)
        for name in settings:
            self.assertIn(name, text)

    def test_every_option_and_fault_of_the_emulator_is_explained(self):
        text, shown = page("memorypro-emulator.1"), output_of("--help", program=EMULATOR)
        options = re.findall(r"^ +(?:-\w,)?(--[\w-]+)", shown, re.MULTILINE)
        self.assertIn("--port-file", options)
        for option in options:
            self.assertIn(option, text)
        faults = re.search(r"^A fault is .*: ((?:\w+ )+\w+)$", shown, re.MULTILINE)[1].split()
        self.assertIn("reset_after_accept", faults)
        for name in faults:
            self.assertRegex(text.split(".SH FAULTS")[1], rf"(?m)^\.B .*\b{name}\b")


if __name__ == "__main__":
    unittest.main()
