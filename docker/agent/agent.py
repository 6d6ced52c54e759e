"""A small agent that remembers. Say something, a line each, and it is stored; ask, with a question mark
at the end, and what it remembers is its answer. What happens to memories meanwhile is told as it happens.

This is the place of your agent: where `answer` joins what was recalled, a model would get it in its prompt.
"""
import os
import signal
import sys
import threading

from memory import Memory, Refused

memory = Memory(agent_id=os.environ.get("AGENT_ID", "sample-agent"))


def say(line):
    """In one write: print() makes two, and the line of another thread may come between."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def answer(question):
    recalled = memory.recall(question)
    if not recalled:
        return "I know nothing about that."
    return "\n".join(f"I remember: {one['content']}" for one in recalled)


def listen(told):
    told = memory.store(told)
    return f"I will remember that ({told['sync_state']}, {told['memory_id']})."


def follow_events():
    for name, data in memory.events():
        what = data.get("title") or data.get("reason") or data.get("memory_id") or ""
        say(f"* {name} {what}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # the first process of a container has to ask for it
    threading.Thread(target=follow_events, daemon=True).start()
    for line in sys.stdin:
        said = line.strip()
        if not said:
            continue
        try:
            say(answer(said) if said.endswith("?") else listen(said))
        except (Refused, OSError) as failure:
            say(f"My memory does not answer: {failure}")


if __name__ == "__main__":
    main()
