"""Seconds a task of maps over tiny tasks by ipyparallel's load-balanced view on two engines, as JSON in the last line."""
import json
import sys
import time

import ipyparallel as ipp

tasks, repetitions = int(sys.argv[1]), int(sys.argv[2])


def tiny(n):
    return n + 1


with ipp.Cluster(n=2, log_level=40) as client:
    client.wait_for_engines(2)
    view = client.load_balanced_view()
    seconds = {}
    for name, options in {
        "map, one task a message": {"chunksize": 1},
        "map, chunks of 50": {"chunksize": 50},
    }.items():
        view.map_sync(tiny, range(tasks), **options)
        seconds[name] = []
        for _ in range(repetitions):
            start = time.perf_counter()
            mapped = view.map_sync(tiny, range(tasks), **options)
            seconds[name].append((time.perf_counter() - start) / tasks)
            assert mapped[-1] == tasks
print(json.dumps({"version": ipp.__version__, "seconds": seconds}))
