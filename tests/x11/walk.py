#!/usr/bin/env python3
"""Walks through recordings in the real window as a reader would - open, turn a page, zoom, other layouts, a caliper, evidence, waves, the next of the
list - and keeps a picture of each step, to be looked at.

    xvfb-run -s "-screen 0 1480x900x24" python3 tests/x11/walk.py BINARY FOLDER RECORD ...

Needs what relabel.py needs, and imagemagick. FOLDER gets a sheet of the pictures for each recording.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

from relabel import Window, picture, xdotool


def drag(x, y, to_x, to_y):
    xdotool("mousemove", x, y, "mousedown", 1)
    for step in range(1, 6):
        xdotool("mousemove", x + (to_x - x) * step // 5, y + (to_y - y) * step // 5)
        time.sleep(0.1)
    xdotool("mouseup", 1)


def steps(window):
    """Name of a picture, and what is done before it."""
    yield "open", lambda: None
    yield "page", lambda: window.key("Next", "Right", wait=0.6)
    yield "zoomed", lambda: window.key("plus", "plus", wait=0.5)
    yield "12x1", lambda: window.key("0", "Home", "2", wait=0.6)
    yield "evidence", lambda: window.key("1", "period", wait=2)
    yield "waves", lambda: window.key("Escape", "w", wait=2)

    def caliper():
        window.key("w", "c", wait=0.6)
        drag(500, 420, 640, 420)
        time.sleep(1)

    yield "caliper", caliper
    yield "median", lambda: window.key("Escape", "c", "5", wait=0.8)
    yield "next", lambda: window.key("1", "bracketright", wait=4)


def main():
    binary, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    records = [pathlib.Path(record) for record in sys.argv[3:]]
    for record in records:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            other = next(one for one in [*records, record] if one != record or len(records) == 1)
            window = Window(binary, [str(record), str(other)], folder)
            try:
                xdotool("windowsize", window.id, 1480, 872)
                xdotool("windowmove", window.id, 0, 0)
                time.sleep(4)
                shots = []
                for name, act in steps(window):
                    act()
                    # The pointer shows where it is; it belongs to no picture.
                    xdotool("mousemove", 2, 898)
                    time.sleep(1)
                    shots.append(str(folder / f"{len(shots)} {name}.png"))
                    picture(shots[-1])
            finally:
                window.close()
            sheet = out / f"{record.stem}.png"
            subprocess.run(["montage", *shots, "-tile", "3x", "-geometry", "+4+4", str(sheet)], check=True)
            print(sheet)


if __name__ == "__main__":
    sys.exit(main())
