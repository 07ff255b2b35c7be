/** Owns the list of library tables: a library is added by adding its text here. */
import { Library } from '../inference/library';
import { asyncio } from './tables/asyncio';
import { others } from './tables/others';
import { concurrentFutures, multiprocessing } from './tables/processes';
import { sockets } from './tables/sockets';
import { threading } from './tables/threading';

const BUILTINS =
  'list tuple set frozenset dict sorted reversed enumerate zip map filter iter next range len open super type getattr min max print sum any all str int float bytes anext aiter __import__';

export const createPythonLibrary = (): Library =>
  new Library([threading, multiprocessing, concurrentFutures, asyncio, sockets, ...others], {
    builtins: BUILTINS.split(' '),
    sleepUnit: 's',
    hasPromises: false,
  });
