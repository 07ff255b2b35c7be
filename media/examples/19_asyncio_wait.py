# A fixed number of tasks side by side, with wait(): it gives two sets, done and pending, and
# can return at the first that is done, or after a time.
# Look at the two wait lines: the first returns at once with "second", the other waits on.
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


async def parallel_by_wait():
    def notify(order):
        print("{0} has just finished.".format(order))

    tasks = [asyncio.ensure_future(sleeping(*s, hook=notify)) for s in Seconds]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print("done: {0}, pending: {1}".format(len(done), len(pending)))
    rest, pending = await asyncio.wait(pending)
    return sorted(task.result() for task in done | rest)


if __name__ == "__main__":
    for r in asyncio.run(parallel_by_wait()):
        print("wait: {0}".format(r))
