"""What the Python programs of the benchmark of expressions have in common: clock, memory and output."""
import json
import time


def _status_bytes(key):
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _forget_highest_size():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def measure(step, warmup, iterations, batches, total, comm=None):
    """Prints the seconds per step of every batch (of the slowest rank), the sum, and what memory the steps took."""
    for _ in range(warmup):
        step()
    _forget_highest_size()
    before = _status_bytes("VmRSS")
    seconds = []
    for _ in range(batches):
        if comm is not None:
            comm.Barrier()
        start = time.perf_counter()
        for _ in range(iterations):
            step()
        took = (time.perf_counter() - start) / iterations
        if comm is not None:
            took = max(comm.allgather(took))
        seconds.append(took)
    extra = max(0, _status_bytes("VmHWM") - before)
    value = total()
    if comm is None or comm.Get_rank() == 0:
        print(json.dumps({"seconds": seconds, "sum": value, "extraBytes": extra}))
