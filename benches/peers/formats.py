"""Reads every sample of a file with another program and prints the best time and the signals' sums as JSON.

usage: formats.py wfdb|pyedflib digital|physical PATH ROUNDS
"""

import json
import sys
import time


def with_wfdb(path, physical):
    import wfdb

    name = path.removesuffix(".hea")
    if physical:
        # As everybody calls it.
        return wfdb.rdrecord(name).p_signal.T
    # The quickest way it has.
    return wfdb.rdrecord(name, physical=False, smooth_frames=False).e_d_signal


def with_pyedflib(path, physical):
    import pyedflib

    with pyedflib.EdfReader(path) as reader:
        return [reader.readSignal(signal, digital=not physical) for signal in range(reader.signals_in_file)]


def version(peer):
    from importlib.metadata import version

    return f"{peer} {version(peer)}"


def main():
    peer, physical, path, rounds = sys.argv[1], sys.argv[2] == "physical", sys.argv[3], int(sys.argv[4])
    read = {"wfdb": with_wfdb, "pyedflib": with_pyedflib}[peer]
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        signals = read(path, physical)
        times.append(time.perf_counter() - begin)
    sums = [int(signal.astype("int64").sum()) for signal in signals]
    print(json.dumps({"version": version(peer), "best_s": min(times), "sums": sums}))


if __name__ == "__main__":
    main()
