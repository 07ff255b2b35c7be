# A function of two parameters in Pool.map(): a wrapper takes the tuple apart.
# (Pool.starmap() does the same by itself.) Look at p.map(): the main process waits there
# for the last of sixteen calls.
import time
from multiprocessing import Pool

def nijou(x, y):
    print('input: %d %d' % (x, y))
    time.sleep(2)
    print('double: %d %d' % ((x * x), (y * y)))

def nijou_wrapper(args):
    return nijou(*args)

if __name__ == "__main__":
    p = Pool(4)
    values = [(x, y) for x in range(4) for y in range(4)]
    print(values)
    p.map(nijou_wrapper, values)
