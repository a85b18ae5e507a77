"""Run as a program in another process: reads histories as JSON, runs their commands, prints the states."""

import json
import sys
from datetime import datetime

from server.engine import advance, command_from_plain, context_from_plain
from tests.engine.playing import model


def main() -> None:
    answers = []
    for history in json.load(sys.stdin):
        definition, context = model(history["model"]), context_from_plain(history["context"])
        state = bytes.fromhex(history["state"]) if history["state"] else None
        states = []
        for plain, now in history["commands"]:
            state = advance(definition, state, command_from_plain(plain), context, datetime.fromisoformat(now)).state
            states.append(state.hex())
        answers.append(states)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
