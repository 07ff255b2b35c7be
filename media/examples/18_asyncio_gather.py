# A fixed number of coroutines side by side: gather() runs each as a task and gives all
# results, in the order of the arguments.
# Look at the three task lanes: they sleep together, and gather waits for the longest.
import asyncio


Seconds = [
    ("first", 5),
    ("second", 0),
    ("third", 3)
]


async def sleeping(order, seconds, hook=None):
    await asyncio.sleep(seconds)
    if hook:
        hook(order)
    return order


async def parallel_by_gather():
    def notify(order):
        print("{0} has just finished.".format(order))

    return await asyncio.gather(*[sleeping(*s, hook=notify) for s in Seconds])


if __name__ == "__main__":
    results = asyncio.run(parallel_by_gather())
    for r in results:
        print("gather: {0}".format(r))
