# An unknown number of items: one task puts them into a queue as they come, two others work.
# Look at queue.get(): the workers wait there whenever nothing has come in yet.
import asyncio


async def sleeping(order, seconds, hook=None):
    await asyncio.sleep(seconds)
    if hook:
        hook(order)
    return order


async def requests_come_in(queue):
    for number in range(1, 7):
        await asyncio.sleep(0.2)
        await queue.put("request {0}".format(number))


async def worker(name, queue):
    def notify(order):
        print("{0}: {1} is finished.".format(name, order))

    while True:
        order = await queue.get()
        await sleeping(order, 0.5, hook=notify)
        queue.task_done()


async def unbounded():
    queue = asyncio.Queue()
    workers = [asyncio.ensure_future(worker(name, queue)) for name in ("worker A", "worker B")]
    await requests_come_in(queue)
    await queue.join()
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    print("queue is empty.")


if __name__ == "__main__":
    asyncio.run(unbounded())
