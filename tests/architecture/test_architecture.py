"""The tree keeps the rules, and each rule notices a tree that breaks it.

usage: test_architecture.py [source tree] [unittest arguments]
"""
import sys
import tempfile
import unittest
from pathlib import Path

import rules

ROOT = Path(__file__).resolve().parents[2]


class TheProject(unittest.TestCase):
    maxDiff = None

    def test_keeps_every_rule(self):
        for rule in rules.RULES:
            with self.subTest(rule=rule.__name__):
                self.assertEqual([], rule(ROOT))

    def test_is_what_is_looked_at(self):
        self.assertTrue(list(rules.files_of(ROOT, "lib")), f"no sources under {ROOT}/lib")


class ARule(unittest.TestCase):
    """Each test breaks one rule in a sample tree that keeps all the others."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name).resolve()
        self.write("lib/CMakeLists.txt", "add_library(all base/clock.cpp store/sqlite/row.cpp)")
        self.write("lib/base/clock.hpp", "#include <chrono>")
        self.write("lib/base/clock.cpp", '#include "base/clock.hpp"')
        self.write("lib/store/store.hpp", '#include "base/clock.hpp"')
        self.write("lib/store/sqlite/row.cpp", '#include <sqlite3.h>\n#include "store/store.hpp"')
        self.write("lib/api/memory.hpp", '#include "store/store.hpp"')
        self.write("cli/doctor.hpp", "#include <sqlite3.h>")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")

    def assert_only(self, rule, expected):
        for other in rules.RULES:
            found = other(self.root)
            if other is rule:
                self.assertEqual(1, len(found), found)
                self.assertIn(expected, found[0])
            else:
                self.assertEqual([], found, other.__name__)

    def test_accepts_a_good_tree(self):
        self.assertEqual([], [found for rule in rules.RULES for found in rule(self.root)])

    def test_notices_an_include_against_the_direction(self):
        self.write("lib/store/cache.hpp", '#  include "api/memory.hpp"')
        self.assert_only(rules.wrong_directions, "lib/store/cache.hpp: store includes")

    def test_notices_it_through_a_relative_path(self):
        self.write("lib/base/ids.hpp", '#include "../api/memory.hpp"')
        self.assert_only(rules.wrong_directions, "lib/base/ids.hpp: base includes")

    def test_notices_two_folders_of_a_row_that_include_each_other(self):
        self.write("lib/recall/rank.hpp", '#include "store/store.hpp"')
        self.write("lib/store/search.hpp", '#include "recall/rank.hpp"')
        self.assert_only(rules.wrong_directions, "recall, store of lib/ include each other")

    def test_notices_a_longer_circle(self):
        self.write("lib/recall/rank.hpp", '#include "store/store.hpp"')
        self.write("lib/store/search.hpp", '#include "events/hub.hpp"')
        self.write("lib/events/hub.hpp", '#include "recall/rank.hpp"')
        self.assert_only(rules.wrong_directions, "events, recall, store of lib/")

    def test_notices_a_library_that_includes_a_program(self):
        self.write("daemon/service.hpp", "")
        self.write("lib/api/routes.hpp", '#include "daemon/service.hpp"')
        self.assert_only(rules.wrong_directions, "outside lib/")

    def test_notices_a_program_that_includes_another(self):
        self.write("daemon/service.hpp", "")
        self.write("cli/verb.hpp", '#include "../daemon/service.hpp"')
        self.assert_only(rules.programs_including_each_other, "cli/verb.hpp")

    def test_notices_a_header_that_includes_all_of_asio(self):
        self.write("lib/http/server.hpp", "#include <boost/asio.hpp>")
        self.assert_only(rules.whole_libraries, "lib/http/server.hpp")

    def test_notices_a_header_that_includes_all_of_beast(self):
        self.write("lib/http/server.hpp", "#include <boost/beast.hpp>")
        self.assert_only(rules.whole_libraries, "lib/http/server.hpp")

    def test_notices_sqlite_outside_the_store(self):
        self.write("lib/store/backup.hpp", "#include <sqlite3.h>")
        self.assert_only(rules.sqlite_outside_store, "lib/store/backup.hpp")

    def test_notices_sqlite_in_a_program_but_the_doctor(self):
        self.write("cli/status.hpp", "#include <sqlite3.h>")
        self.assert_only(rules.sqlite_outside_store, "cli/status.hpp")

    def test_notices_a_source_that_is_not_built(self):
        self.write("lib/base/forgotten.cpp", "")
        self.assert_only(rules.unlisted_sources, "lib/base/forgotten.cpp")

    def test_does_not_take_a_comment_or_another_folder_for_a_listing(self):
        self.write("lib/store/clock.cpp", "")
        self.write("lib/store/CMakeLists.txt", "# clock.cpp")
        self.assert_only(rules.unlisted_sources, "lib/store/clock.cpp")

    def test_notices_a_folder_that_the_design_does_not_name(self):
        self.write("lib/util/helper.hpp", "")
        self.assert_only(rules.unknown_folders, "lib/util")


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        ROOT = Path(sys.argv.pop(1)).resolve()
    unittest.main()
