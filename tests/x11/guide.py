#!/usr/bin/env python3
"""Takes the guide's pictures in the real window on the simulated demo recordings that come with the program.

    xvfb-run -s "-screen 0 1480x900x24" python3 tests/x11/guide.py BINARY docs/pictures

Needs what relabel.py needs, and imagemagick. Look at the pictures before they are kept.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

from relabel import Window, xdotool


def shot(folder, name):
    # The pointer shows where it is; it belongs to no picture.
    xdotool("mousemove", 2, 898)
    time.sleep(1.5)
    path = folder / f"guide-{name}.png"
    subprocess.run(["import", "-window", "root", "-quality", "95", str(path)], check=True)
    # Few colours are on the page.
    subprocess.run(["mogrify", "+dither", "-colors", "200", str(path)], check=True)


def main():
    binary, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([binary, "demo", "--out", str(folder / "demo")], check=True, stdout=subprocess.DEVNULL)
        window = Window(binary, [str(folder / "demo")], folder)
        try:
            xdotool("windowsize", window.id, 1480, 872)
            xdotool("windowmove", window.id, 0, 0)
            time.sleep(20)
            shot(out, "page")
            window.key("ctrl+b", "period", wait=1)
            shot(out, "evidence")
            window.key("Escape", "w", wait=1)
            shot(out, "waves")
            window.key("w", "bracketright", wait=6)
            window.key("a", wait=2)
            window.type("Xenia Young")
            window.key("Return", wait=5)
            window.key("Right", "Right", "v", wait=1)
            shot(out, "review")
        finally:
            window.close()


if __name__ == "__main__":
    sys.exit(main())
