# Many tasks, but at most three at a time: each holds the semaphore while it fetches.
# Look at the async with line: the first three pass at once, each of the others waits for one
# that leaves.
import asyncio

running = 0


async def fetch(number, limit):
    global running
    async with limit:
        running += 1
        print("page {0} ({1} at once)".format(number, running))
        await asyncio.sleep(0.5)
        running -= 1
    return number


async def limited_parallel():
    limit = asyncio.Semaphore(3)
    pages = await asyncio.gather(*[fetch(number, limit) for number in range(1, 11)])
    print("{0} pages".format(len(pages)))


if __name__ == "__main__":
    asyncio.run(limited_parallel())
