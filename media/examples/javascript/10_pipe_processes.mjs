// Two programs joined by a pipe: what the first prints is what the second reads.
// Look at the lanes: both programs run at the same time, and each ends with a status.
// Python sister: 06_popen_pipe.py
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';

const list = spawn('ls', ['/'], { stdio: ['ignore', 'pipe', 'inherit'] });
const grep = spawn('grep', ['usr'], { stdio: ['pipe', 'pipe', 'inherit'] });
const ends = [once(list, 'exit'), once(grep, 'exit')];

let found = '';
grep.stdout.on('data', chunk => (found += chunk));
await pipeline(list.stdout, grep.stdin);
for (const [status] of await Promise.all(ends)) console.log(`status ${status}`);
console.log(found.trim());
