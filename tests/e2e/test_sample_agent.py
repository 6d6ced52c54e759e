"""The sample agent of docker/agent: it stores, recalls and hears, over a restart of the daemon too."""
import os
import subprocess
import sys
import threading
from pathlib import Path

import harness

AGENT = Path(__file__).parents[2] / "docker/agent/agent.py"


class SampleAgent(harness.TestCase):
    def agent(self, d):
        process = subprocess.Popen(
            [sys.executable, str(AGENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "MEMORYPRO_SOCKET": str(d.socket), "PYTHONDONTWRITEBYTECODE": "1"})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")))
        self.addCleanup(reader.join, harness.DEADLINE)
        reader.start()
        return process, lines

    def say(self, process, lines, said, expected):
        """Some line after what was said begins so."""
        before = len(lines)
        process.stdin.write(said + "\n")
        process.stdin.flush()
        return harness.until(
            lambda: next((line for line in lines[before:] if line.startswith(expected)), None),
            f"{expected!r} after {said!r}")

    def test_remembers_what_it_is_told_over_a_restart_and_follows_events(self):
        d = self.daemon()
        process, lines = self.agent(d)
        self.say(process, lines, "What is Lena allergic to?", "I know nothing")
        self.say(process, lines, "Lena is allergic to peanuts", "I will remember that (local, ")
        self.assertEqual(["Lena is allergic to peanuts"],
                         [one["content"] for one in d.get("/api/v1/memory?agent_id=sample-agent")
                          .json["memories"]])
        # Followed once the stream is there, which a store shows.
        def heard():
            self.say(process, lines, "The ferry leaves at nine", "I will remember")
            return any(line.startswith("* memory.stored") for line in lines)
        harness.until(heard, "an event was heard")

        self.assertEqual(0, d.stop())
        d.start()
        self.say(process, lines, "Who is allergic to peanuts?", "I remember: Lena")
        before = len(lines)
        self.store(d, "by another agent", agent_id="other")
        harness.until(lambda: any(line.startswith("* memory.stored") for line in lines[before:]),
                      "the event after the restart was heard")
        process.stdin.close()
        self.assertEqual(0, process.wait(harness.DEADLINE))

    def test_ends_when_it_is_told_to(self):
        process, lines = self.agent(self.daemon())
        self.say(process, lines, "What is Lena allergic to?", "I know nothing")
        process.terminate()
        self.assertEqual(0, process.wait(harness.DEADLINE))
        process.stdin.close()


if __name__ == "__main__":
    harness.main()
