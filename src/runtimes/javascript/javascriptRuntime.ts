/** Owns the launch of a JavaScript or TypeScript snippet: in a worker of this process, or in a process of its own. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inEnglish, type Translate } from '../../base/translate';
import { reasonOf } from '../../base/reason';
import { explainEnd } from '../explainedEnd';
import { LaunchError } from '../runtime';
import type { Runtime } from '../runtime';
import { launchChild } from './childLauncher';
import { adviseOnFailure } from './failureAdvice';
import { needsOwnProcess } from './ownProcess';
import { launchWorker } from './workerLauncher';

export interface JavaScriptRuntimeOptions {
  /** Holds the bundled tracer: `preload.cjs` and what it loads. */
  readonly tracerFolder: string;
  /** The language of what it tells; English where it is not said. */
  readonly say?: Translate;
}

const DEFAULT_MEMORY_MB = 512;

export function createJavaScriptRuntime(options: JavaScriptRuntimeOptions): Runtime {
  const { say = inEnglish } = options;
  return {
    language: 'javascript',
    async launch(request, known) {
      const source = await readFile(request.programPath, 'utf8').catch((error: unknown) => {
        throw new LaunchError(
          'unreadable',
          say(
            'The file {0} could not be read: {1}. Save the snippet, or choose another file, and run it again.',
            request.programPath,
            reasonOf(error),
          ),
        );
      });
      const preload = path.join(options.tracerFolder, 'preload.cjs');
      const reason = request.inProcess ? null : needsOwnProcess(source, request);
      const handle =
        request.inProcess === 'process' || reason !== null
          ? await launchChild(request, preload, known, reason, say)
          : await launchWorker(request, preload, known, request.memoryMb ?? DEFAULT_MEMORY_MB, say);
      return explainEnd(handle, errorTail =>
        adviseOnFailure(errorTail, { part: request.part, say }),
      );
    },
  };
}
