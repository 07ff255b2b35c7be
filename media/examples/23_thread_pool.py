# concurrent.futures with threads: the same calls as with processes, one word changed.
# Look at the two worker threads: they share five jobs, and result() waits for each in turn.
import time
from concurrent.futures import ThreadPoolExecutor


def square(x):
    time.sleep(0.5)
    return x * x


if __name__ == '__main__':
    with ThreadPoolExecutor(max_workers=2) as executor:
        futures = [executor.submit(square, x) for x in range(5)]
        for x, future in enumerate(futures):
            print('{} * {} = {}'.format(x, x, future.result()))
