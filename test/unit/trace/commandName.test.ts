import assert from 'node:assert/strict';
import { shortCommand } from '../../../src/trace/commandName';

describe('the name of a program', () => {
  const cases: readonly [string, string][] = [
    ['python3 -c import time; time.sleep(1); print("the end")', 'python3 -c "…"'],
    ['python3.12 -I -c import time; time.sleep(1); print("the end")', 'python3.12 -I -c "…"'],
    ['python3 -uc import time; time.sleep(1); print("the end")', 'python3 -uc "…"'],
    ['sh -c sleep 0.3; echo done; sleep 0.2; echo more', 'sh -c "…"'],
    ['node -e setTimeout(() => console.log("late"), 1000)', 'node -e "…"'],
    ['node --eval setTimeout(() => console.log("late"), 1000)', 'node --eval "…"'],
    ['sh -c exit 3', 'sh -c exit 3'],
    ['ls -la', 'ls -la'],
    [
      'ffmpeg -i a-very-long-name.mov -c copy out.mp4',
      'ffmpeg -i a-very-long-name.mov -c copy out.mp4',
    ],
    [
      'python3 worker.py --size 3 -c configuration.ini',
      'python3 worker.py --size 3 -c configuration.ini',
    ],
  ];
  for (const [command, name] of cases) {
    it(command, () => assert.equal(shortCommand(command), name));
  }
});
