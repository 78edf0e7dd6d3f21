#!/usr/bin/env python3
"""Opening and paging a day of twelve leads (about 1 GB) beside EDFbrowser, both under Xvfb, both drawn by the processor.

    python benches/peers/edfbrowser.py --ours target/release/efficientecg [--edf FILE] [--runs 5]

Needs: edfbrowser, xvfb, xdotool, x11-apps or imagemagick (Debian packages), numpy. The file is written first where it is not there: simulated
complexes, nobody's. Times are taken from the outside, by what is on the screen: from the start of the program to the first
picture with traces that no longer changes, and from the press of a key to the first changed picture and to the last. The screen is read over and
over; a reading takes some 20 ms, which is how exact the times are. EDFbrowser gets its signals from a montage, so that it asks nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
RATE, HOURS = 500, 24
SIZE = (1280, 800)


def complex_of(lead: int) -> np.ndarray:
    """Ten seconds of one lead in steps of 1 uV."""
    seconds = np.arange(10 * RATE) / RATE
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
    ten = np.stack([complex_of(lead) for lead in range(n)]).reshape(n, 10, RATE).transpose(1, 0, 2).tobytes()
    with open(path, "wb") as out:
        out.write(header)
        for _ in range(records // 10):
            out.write(ten)


def montage(path: Path) -> None:
    """Every signal, ten seconds a page."""
    signals = "".join(
        f"""  <signalcomposition>
    <num_of_signals>1</num_of_signals>
    <voltpercm>1000.000000</voltpercm>
    <screen_offset>0.000000</screen_offset>
    <polarity>1</polarity>
    <color><red>255</red><green>255</green><blue>0</blue></color>
    <filter_cnt>0</filter_cnt>
    <signal><label>{f"ECG {lead}".ljust(16)}</label><factor>1.000000</factor></signal>
  </signalcomposition>
"""
        for lead in LEADS
    )
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edfbrowser_montage>\n{signals}  <pagetime>100000000</pagetime>\n</edfbrowser_montage>\n'
    )


class Screen:
    """A screen of its own, and what is on it."""

    def __init__(self, number: int):
        self.name = f":{number}"
        self.home = tempfile.mkdtemp(prefix="race")
        self.env = dict(os.environ, DISPLAY=self.name, HOME=self.home, XDG_RUNTIME_DIR=self.home, LIBGL_ALWAYS_SOFTWARE="1")
        self.env.update(EFFICIENTECG_CONFIG=f"{self.home}/config", EFFICIENTECG_REVIEWS=f"{self.home}/reviews", QT_QPA_PLATFORM="xcb")
        self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"], stderr=subprocess.DEVNULL)
        time.sleep(1.5)

    def picture(self) -> np.ndarray:
        raw = subprocess.run(["import", "-silent", "-window", "root", "-depth", "8", "rgb:-"], env=self.env, capture_output=True).stdout
        return np.frombuffer(raw, np.uint8).reshape(SIZE[1], SIZE[0], 3)

    def press(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", *keys], env=self.env, check=True, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        self.server.terminate()
        self.server.wait()


def settled(screen: Screen, since: float, still_s: float, limit_s: float, before: np.ndarray | None, dialogs: bool):
    """Seconds until the picture first differed from `before` in a substantial part, and until it had become what it then stayed."""
    first, last, previous, key = None, None, before, time.monotonic()
    while time.monotonic() - since < limit_s:
        taken = time.monotonic()
        now = screen.picture()
        if previous is None or np.mean(np.any(now != previous, axis=2)) > 0.001:
            last, key = taken, taken
            if before is None or np.mean(np.any(now != before, axis=2)) > 0.02:
                first = first or taken
        elif first and taken - key > still_s:
            break
        previous = now
    return (first - since if first else float("nan")), (last - since if last else float("nan")), previous


def race(name: str, command: list[str], page: str, number: int, runs: int, pictures: Path) -> None:
    opened, paged, paged_whole = [], [], []
    for run in range(runs):
        screen = Screen(number + run)
        try:
            blank = screen.picture()
            begun = time.monotonic()
            program = subprocess.Popen(command, env=screen.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            first, _, shown = settled(screen, begun, 4.0, 60.0, blank, True)
            opened.append(first)
            if run == 0:
                from PIL import Image

                Image.fromarray(shown).save(pictures / f"{name}.png")
            for _ in range(5):
                pressed = time.monotonic()
                screen.press(page)
                first, last, shown = settled(screen, pressed, 0.6, 10.0, shown, False)
                paged.append(first)
                paged_whole.append(last)
            program.kill()
            program.wait()
        finally:
            screen.close()
    ms = lambda values: " ".join(f"{1e3 * value:6.0f}" for value in (np.nanmedian(values), np.nanmin(values), np.nanmax(values)))
    print(f"{name:<14} window with traces {ms(opened)}   next page, first change {ms(paged)}   last change {ms(paged_whole)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="our release build")
    parser.add_argument("--edf", type=Path, default=Path(tempfile.gettempdir()) / "efficientecg-day.edf")
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


if __name__ == "__main__":
    sys.exit(main())
