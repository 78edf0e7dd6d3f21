#!/usr/bin/env python3
"""Relabels 50 beats in the real window by keys alone, reads the exported `.atr` back with wfdb-python, and confirms the review.

    xvfb-run -s "-screen 0 1700x1040x24" python3 tests/x11/relabel.py BINARY RECORD.hea

Needs a display (or xvfb-run), openbox, xdotool and the Python package wfdb. What is meant is known without the window: the labels as they were
exported before, with the first 50 replaced in turn by the letters that were pressed. Reviews and settings lie in a temporary folder.
"""

import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import wfdb

BEATS = 50
LETTERS = "NVASFLRQaJejnEfr/|B"
# Names that xdotool has for what is no letter.
NAMES = {"/": "slash", "|": "bar"}


def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], check=True, capture_output=True, text=True).stdout


class Window:
    def __init__(self, binary, records, folder):
        env = dict(os.environ, EFFICIENTECG_REVIEWS=str(folder / "reviews"), EFFICIENTECG_CONFIG=str(folder / "settings"))
        env["XDG_RUNTIME_DIR"] = str(folder)
        self.manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen([binary, *records], env=env, stderr=subprocess.PIPE, text=True)
        # A file that is not there is told in the window, which stays open.
        late = threading.Timer(120, self.process.kill)
        late.start()
        for line in self.process.stderr:
            if line.startswith("ready:"):
                break
        else:
            sys.exit(f"no recording was analysed: {records}")
        late.cancel()
        self.id = xdotool("search", "--sync", "--pid", self.process.pid, "--name", "EfficientECG").split()[-1]
        xdotool("windowactivate", "--sync", self.id)
        time.sleep(2)

    def key(self, *keys, wait=0.45):
        for key in keys:
            xdotool("key", key)
            # A frame drawn in software takes a while; a person is no faster.
            time.sleep(wait)

    def type(self, text):
        xdotool("type", "--delay", "120", text)
        time.sleep(1)

    def export(self, folder):
        folder.mkdir()
        self.key("ctrl+e", wait=2)
        # The folder of the last export stands there.
        self.key("ctrl+a")
        self.type(str(folder))
        self.key("Return", wait=1)
        for _ in range(120):
            if list(folder.glob("*.xy")):
                break
            time.sleep(0.5)
        else:
            picture(folder.parent / "export.png")
            sys.exit(f"nothing was written to {folder}")
        time.sleep(1)
        self.key("Escape", wait=1)
        return folder / next(folder.glob("*.hea")).stem

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.manager.terminate()


def picture(path):
    subprocess.run(["import", "-window", "root", str(path)], check=False)


def states(binary, folder):
    """State of every review in the store, as the command line tells it."""
    env = dict(os.environ, EFFICIENTECG_REVIEWS=str(folder / "reviews"))
    told = subprocess.run([binary, "review", "list", "--json"], check=True, capture_output=True, text=True, env=env).stdout
    return [review["state"] for review in json.loads(told)["reviews"]]


def beats(record):
    annotation = wfdb.rdann(str(record), "xy")
    kinds = set(LETTERS) | {"S", "?"}
    return [(int(at), symbol) for at, symbol in zip(annotation.sample, annotation.symbol) if symbol in kinds]


def main():
    binary, record = sys.argv[1:3]
    pictures = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        window = Window(binary, [record], folder)
        try:
            window.key("a", wait=2)
            window.type("Xenia Young")
            window.key("Return", wait=6)
            before = beats(window.export(folder / "before"))
            window.key("Home", wait=2)
            began = time.monotonic()
            meant = list(before)
            for index, letter in zip(range(BEATS), itertools.cycle(LETTERS)):
                window.key("Right", NAMES.get(letter, letter))
                meant[index] = (meant[index][0], letter)
            seconds = time.monotonic() - began
            if pictures:
                picture(pictures / "relabelled.png")
            after = beats(window.export(folder / "after"))
            # A conclusion, confirmed while its field has the keyboard.
            window.key("ctrl+j", wait=1)
            window.type("Relabelled by keys.")
            window.key("ctrl+Return", wait=2)
            if pictures:
                picture(pictures / "confirmed.png")
        finally:
            window.close()
        state = states(binary, folder)
    wrong = [(index, want, have) for index, (want, have) in enumerate(zip(meant, after)) if want != have]
    changed = sum(a != b for a, b in zip(before, after))
    print(f"{len(before)} beats before, {len(after)} after; {BEATS} relabelled in {seconds:.0f} s, {changed} of them now another type")
    if wrong or len(meant) != len(after):
        sys.exit(f"{len(wrong)} beats are not what was meant: {wrong[:5]}")
    if state != ["confirmed"]:
        sys.exit(f"the review should be confirmed and is {state}")
    print("the exported annotations equal what was meant; the review is confirmed")


if __name__ == "__main__":
    main()
