"""How a contender speaks: a line of JSON of itself, then a line of JSON for a line of JSON."""

import json
import os
import sys
import time

# Seconds, of the wall or, where that is asked for, of the processor for this process: what others that compute beside it leave alone.
clock = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "cpu" else time.perf_counter


def serve(greeting, answer):
    print(json.dumps(greeting), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # Whatever it is, the others go on.
            reply = {"error": (str(error).splitlines() or [type(error).__name__])[0]}
        print(json.dumps(reply), flush=True)


def trainer(start, products, prepare=lambda train, steps: None):
    """Answers with the milliseconds of a step, by what `start` makes of a workload: a function that trains so many steps; or with the
    fastest product, asked for again."""
    running = {}

    def answer(request):
        if request.get("products"):
            return {"products": products()}
        workload, steps = request["workload"], request["steps"]
        if workload["name"] not in running:
            running.clear()  # The one before is done with.
            running[workload["name"]] = start(workload)
        train = running[workload["name"]]
        prepare(train, steps)
        begin = clock()
        train(steps)
        return {"milliseconds": (clock() - begin) * 1000 / steps}

    return answer


def fastest_product(multiply, sizes):
    """The fastest of some square products, in operations a second; `multiply` returns when the product is there."""
    best = 0
    for size in sizes:
        for _ in range(8):
            begin = time.perf_counter()
            multiply(size)
            best = max(best, 2 * size**3 / (time.perf_counter() - begin))
    return best
