# Coroutines awaited one after the other: nothing runs side by side, 5 + 0 + 3 seconds.
# Look at the await in the loop: each turn waits for its own sleep. 18_asyncio_gather.py
# does the same work in 5 seconds. (On Python 3.14 write asyncio.run(basic_async()).)
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


async def basic_async():
    # the order of result is nonsequential (not depends on order, even sleeping time)
    for s in Seconds:
        r = await sleeping(*s)
        print("{0} is finished.".format(r))
    return True

if __name__ == "__main__":
    loop = asyncio.get_event_loop()
    loop.run_until_complete(basic_async())
