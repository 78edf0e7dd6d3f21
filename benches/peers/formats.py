"""Reads every digital sample of a file with another program and prints the best time and the signals' sums as JSON.

usage: formats.py wfdb|pyedflib PATH ROUNDS
"""

import json
import sys
import time


def with_wfdb(path):
    import wfdb

    record = wfdb.rdrecord(path.removesuffix(".hea"), physical=False, smooth_frames=False)
    return record.e_d_signal


def with_pyedflib(path):
    import pyedflib

    with pyedflib.EdfReader(path) as reader:
        return [reader.readSignal(signal, digital=True) for signal in range(reader.signals_in_file)]


def version(peer):
    from importlib.metadata import version

    return f"{peer} {version(peer)}"


def main():
    peer, path, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    read = {"wfdb": with_wfdb, "pyedflib": with_pyedflib}[peer]
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        signals = read(path)
        times.append(time.perf_counter() - begin)
    sums = [int(signal.astype("int64").sum()) for signal in signals]
    print(json.dumps({"version": version(peer), "best_s": min(times), "sums": sums}))


if __name__ == "__main__":
    main()
