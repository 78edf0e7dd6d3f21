#!/usr/bin/env python3
"""Opening and paging a day of twelve leads (about 1 GB) beside EDFbrowser, both under Xvfb, both drawn by the processor.

    python benches/peers/edfbrowser.py --ours target/release/efficientecg [--edf FILE] [--runs 5]

Needs: edfbrowser, xvfb, openbox, xdotool (Debian packages), numpy and pillow. The file is written first where it is not there: simulated
complexes, nobody's. Times are taken from the outside, by what is on the screen where traces are: from the start of the program, or the press of a
key, to the first picture that is the one which then stays. The screen lies in memory that is read here every few milliseconds, which costs
the programs next to nothing and is how exact the times are. EDFbrowser gets its signals from a montage, so that it asks nothing. Our window also
begins to analyse the day while it is looked at. With `--also FILE ...` our window is timed on other recordings or folders too, such as one of ten seconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
RATE, HOURS = 500, 24
SIZE = (1280, 800)


def complex_of(lead: int) -> np.ndarray:
    """Twelve seconds of one lead in steps of 1 uV: no page of ten seconds looks like the next."""
    seconds = np.arange(12 * RATE) / RATE
    phase = seconds % 0.8
    wave = lambda at, width, height: height * np.exp(-0.5 * ((phase - at) / width) ** 2)
    r = [0.8, 1.2, 0.5, -0.9, 0.4, 0.8, -0.6, -0.4, 0.7, 1.3, 1.2, 0.9][lead]
    value = wave(0.18, 0.025, 0.12) + wave(0.35, 0.011, r) + wave(0.6, 0.05, 0.25)
    return np.round(1000 * value + np.random.default_rng(lead).normal(0, 10, seconds.size)).astype("<i2")


def write(path: Path) -> None:
    """A day as EDF, a record a second."""
    records = HOURS * 3600
    field = lambda text, width: str(text).ljust(width).encode("ascii")[:width]
    n = len(LEADS)
    header = field("0", 8) + field("simulated", 80) + field("simulated", 80) + field("01.01.26", 8) + field("00.00.00", 8)
    header += field(256 * (n + 1), 8) + field("", 44) + field(records, 8) + field(1, 8) + field(n, 4)
    for values, width in [
        ([f"ECG {lead}" for lead in LEADS], 16),
        ([""] * n, 80),
        (["uV"] * n, 8),
        ([-32768] * n, 8),
        ([32767] * n, 8),
        ([-32768] * n, 8),
        ([32767] * n, 8),
        ([""] * n, 80),
        ([RATE] * n, 8),
        ([""] * n, 32),
    ]:
        header += b"".join(field(value, width) for value in values)
    twelve = np.stack([complex_of(lead) for lead in range(n)]).reshape(n, 12, RATE).transpose(1, 0, 2).tobytes()
    with open(path, "wb") as out:
        out.write(header)
        for _ in range(records // 12):
            out.write(twelve)


def montage(path: Path) -> None:
    """Every signal, ten seconds a page."""
    signals = "".join(
        f"""  <signalcomposition>
    <num_of_signals>1</num_of_signals>
    <voltpercm>1000.000000</voltpercm>
    <screen_offset>0.000000</screen_offset>
    <polarity>1</polarity>
    <color>6</color>
    <filter_cnt>0</filter_cnt>
    <signal><edfindex>{index}</edfindex><factor>1.000000</factor></signal>
  </signalcomposition>
"""
        for index in range(len(LEADS))
    )
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<EDFbrowser_montage>\n{signals}  <pagetime>100000000</pagetime>\n</EDFbrowser_montage>\n'
    )


def framebuffer(path: Path) -> np.ndarray:
    """What Xvfb shows, as it changes: rows of pixels, blue, green, red and one byte more each. The file is a picture of the format XWD."""
    words = np.fromfile(path, ">u4", 25)
    header, line, colours = int(words[0]), int(words[12]), int(words[19])
    raw = np.memmap(path, np.uint8, "r", header + 12 * colours, (SIZE[1], line))
    return raw.reshape(SIZE[1], line // 4, 4)[:, : SIZE[0]]


class Screen:
    """A screen of its own, and what is on it."""

    def __init__(self, number: int):
        self.name = f":{number}"
        self.home = tempfile.mkdtemp(prefix="race")
        self.env = dict(os.environ, DISPLAY=self.name, HOME=self.home, XDG_RUNTIME_DIR=self.home, LIBGL_ALWAYS_SOFTWARE="1")
        self.env.update(EFFICIENTECG_CONFIG=f"{self.home}/config", EFFICIENTECG_REVIEWS=f"{self.home}/reviews", QT_QPA_PLATFORM="xcb")
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", size, "-fbdir", self.home], stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.pixels = framebuffer(Path(self.home) / "Xvfb_screen0")
        # Without a window manager nobody has the keyboard.
        self.manager = subprocess.Popen(["openbox"], env=self.env, stderr=subprocess.DEVNULL)
        time.sleep(1)

    def picture(self) -> np.ndarray:
        return self.pixels[:, :, 2::-1].copy()

    def traces(self) -> np.ndarray:
        """The middle of the screen, where traces are."""
        width, height = SIZE
        return self.pixels[3 * height // 10 : 7 * height // 10, width // 20 : 6 * width // 10, :3].copy()

    def press(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", *keys], env=self.env, check=True, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        self.manager.terminate()
        self.server.terminate()
        self.server.wait()


def watched(screen: Screen, since: float, for_s: float) -> list[tuple[float, np.ndarray]]:
    """When what was where traces are, for a while. Pictures that are as the one before are left out."""
    seen = []
    while time.monotonic() - since < for_s:
        taken, picture = time.monotonic() - since, screen.traces()
        if not seen or not np.array_equal(picture, seen[-1][1]):
            seen.append((taken, picture))
        time.sleep(0.002)
    return seen


def differs(a: np.ndarray, b: np.ndarray) -> bool:
    return float(np.mean(np.any(a != b, axis=2))) > 0.005


def final_at(seen: list[tuple[float, np.ndarray]]) -> float:
    """Seconds until the last picture was first there, and stayed."""
    final = seen[-1][0]
    for at, picture in reversed(seen):
        if differs(picture, seen[-1][1]):
            break
        final = at
    return final


def race(name: str, command: list[str], page: str | None, number: int, runs: int, pictures: Path) -> None:
    opened, paged = [], []
    for run in range(runs):
        screen = Screen(number + run)
        try:
            begun = time.monotonic()
            program = subprocess.Popen(command, env=screen.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seen = watched(screen, begun, 6.0)
            opened.append(final_at(seen))
            if run == 0:
                Image.fromarray(screen.picture()).save(pictures / f"{name}.png")
            for _ in range(5 if page else 0):
                pressed, before = time.monotonic(), seen[-1][1]
                screen.press(page)
                seen = watched(screen, pressed, 1.5)
                paged.append(final_at(seen) if differs(seen[-1][1], before) else float("nan"))
            program.kill()
            program.wait()
        finally:
            screen.close()
    ms = lambda values: " ".join(f"{1e3 * value:6.0f}" for value in (np.nanmedian(values), np.nanmin(values), np.nanmax(values)))
    print(f"{name:<14} window with traces {ms(opened)}" + (f"   next page {ms(paged)}" if page else ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="our release build")
    parser.add_argument("--edf", type=Path, default=Path(tempfile.gettempdir()) / "efficientecg-day.edf")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="recordings or folders for our window alone")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=Path, default=Path(tempfile.gettempdir()), help="where what was on the screens is kept")
    options = parser.parse_args()
    if not options.edf.exists():
        write(options.edf)
    mtg = options.edf.with_suffix(".mtg")
    montage(mtg)
    with open(options.edf, "rb") as file:  # into the cache: disks are not compared
        while file.read(1 << 24):
            pass
    print(f"{options.edf.stat().st_size / 1e9:.2f} GB; milliseconds: median, least, most; load {os.getloadavg()[0]:.1f}")
    race("EDFbrowser", ["edfbrowser", str(options.edf), str(mtg)], "Next", 70, options.runs, options.pictures)
    race("EfficientECG", [options.ours, str(options.edf)], "Next", 80, options.runs, options.pictures)
    for place, other in enumerate(options.also):
        race(f"  {other.name}", [options.ours, str(other)], None, 90 + 20 * place, options.runs, options.pictures)


if __name__ == "__main__":
    sys.exit(main())
