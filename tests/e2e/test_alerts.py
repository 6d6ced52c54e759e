"""The alert rules for Prometheus ask only for metrics and labels that the daemon has."""
import re
import shutil
import subprocess
from pathlib import Path

import harness
import yaml

RULES = Path(__file__).parents[2] / "config/prometheus/alerts.yaml"
LABEL = re.compile(r'(\w+)="([^"]*)"')


def asked_for(expression):
    """(metric, {label: value}) for each selector of a daemon's metric."""
    return [(name, dict(LABEL.findall(labels or "")))
            for name, labels in re.findall(r"\b(memorypro_\w+)(?:\{([^}]*)\})?", expression)]


def grouping(expression):
    """The labels that the expression groups by, other than those that a scrape adds."""
    names = {name.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression)
             for name in group.split(",")}
    return names - {"instance", "job"}


class Alerts(harness.TestCase):
    def setUp(self):
        rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
        self.rules = [rule for group in rules["groups"] for rule in group["rules"]]

    def test_each_metric_and_label_of_a_rule_is_there(self):
        text = self.daemon().get("/metrics").body.decode()
        series = [(name, dict(LABEL.findall(labels)))
                  for name, labels in re.findall(r"^(\w+)(?:\{([^}]*)\})? ", text, re.M)]
        names = {name for name, _ in series}
        self.assertGreater(len(self.rules), 5)
        for rule in self.rules:
            wanted = asked_for(rule["expr"])
            self.assertTrue(wanted or rule["expr"].startswith("up{"), rule)
            for name, labels in wanted:
                self.assertIn(name, names, rule["alert"])
                self.assertTrue(any(name == found and labels.items() <= has.items()
                                    for found, has in series), f"{name} {labels}: {rule['alert']}")
                for label in grouping(rule["expr"]):
                    self.assertTrue(any(name == found and label in has for found, has in series),
                                    f"{name} has no {label}: {rule['alert']}")
            for label in re.findall(r"\$labels\.(\w+)", str(rule["annotations"])):
                self.assertIn(label, {"instance"} | grouping(rule["expr"]), rule["alert"])

    def test_each_rule_fires_when_it_should(self):
        tested = (RULES.parent / "alerts_test.yaml").read_text(encoding="utf-8")
        for rule in self.rules:
            self.assertIn(rule["alert"], tested)
        if not shutil.which("promtool"):
            self.skipTest("promtool is missing (Debian: prometheus)")
        done = subprocess.run(["promtool", "test", "rules", str(RULES.parent / "alerts_test.yaml")],
                              capture_output=True, text=True, timeout=harness.DEADLINE, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)


if __name__ == "__main__":
    harness.main()
