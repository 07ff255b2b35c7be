/** Owns the list of library tables: a library is added by adding its text here. */
import { Library } from './library';
import { asyncio } from './tables/asyncio';
import { others } from './tables/others';
import { concurrentFutures, multiprocessing } from './tables/processes';
import { sockets } from './tables/sockets';
import { threading } from './tables/threading';

export const createLibrary = (): Library =>
  new Library([threading, multiprocessing, concurrentFutures, asyncio, sockets, ...others]);
