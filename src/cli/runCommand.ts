/** Owns `run`: starts the snippet, passes input, output and signals through, and reports at its end. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SourceAnalysis } from '../analysis/waitPoint';
import { formatDuration } from '../base/duration';
import { inEnglish } from '../base/translate';
import { reasonOf } from '../base/reason';
import type { Finding } from '../insights/finding';
import { findFindings } from '../insights/findings';
import { createJavaScriptRuntime } from '../runtimes/javascript/javascriptRuntime';
import { prepareSnippet } from '../runtimes/prepareSnippet';
import { createPythonRuntime } from '../runtimes/python/pythonRuntime';
import { startRun } from '../runtimes/recordRun';
import type { Run } from '../runtimes/recordRun';
import type { RunEnd, Runtime } from '../runtimes/runtime';
import { shownOutput } from '../runtimes/shownOutput';
import type { SnippetText } from '../runtimes/snippetText';
import { runJsonPieces } from '../trace/exporters/json';
import { perfettoPieces } from '../trace/exporters/perfetto';
import { waitingWords } from '../trace/phrases';
import { openWaits } from '../trace/queries';
import type { RunCommand } from './arguments';
import { analyze } from './documentAnalysis';
import { hostClock } from '../base/hostClock';
import { languageOf } from './languages';
import { paintFor } from './paint';
import { report } from './report';
import { readSource, snippetAt } from './snippet';
import { EXIT, writeWhole } from './streams';
import type { Host } from './streams';

export async function runCommand(command: RunCommand, host: Host): Promise<number> {
  const source = readSource(command.file, host.cwd);
  // Only a document of several snippets is looked into before the run; a program starts at once.
  const analysis = memoize(() => analyze(source.path, source.text, host.distFolder));
  const isMarkdown = languageOf(source.path) === 'markdown';
  const snippet = snippetAt(source, command.line, isMarkdown ? (await analysis()).snippets : []);
  const runtime = runtimeFor(snippet, host);
  const folder = await mkdtemp(path.join(tmpdir(), 'concurrency-lens-'));
  try {
    const run = await start(runtime, snippet, command, host, folder);
    return await new RunSession(run, snippet, analysis, command, host).toEnd();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runtimeFor(snippet: SnippetText, host: Host): Runtime {
  if (snippet.language === 'python') {
    return createPythonRuntime({
      tracerFolder: path.join(host.distFolder, 'tracer'),
      howToChoose: ' with --python PATH',
    });
  }
  return createJavaScriptRuntime({ tracerFolder: path.join(host.distFolder, 'javascript') });
}

async function start(
  runtime: Runtime,
  snippet: SnippetText,
  command: RunCommand,
  host: Host,
  folder: string,
): Promise<Run> {
  const traceFolder = path.join(folder, 'trace');
  const scratchFolder = path.join(folder, 'scratch');
  await mkdir(traceFolder);
  await mkdir(scratchFolder);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(host.env)) if (value !== undefined) env[name] = value;
  const request = await prepareSnippet(
    snippet,
    {
      args: command.args,
      cwd: host.cwd,
      env,
      traceFolder,
      ...(command.python === null ? {} : { interpreter: command.python }),
      ...(command.inProcess === null ? {} : { inProcess: command.inProcess }),
    },
    scratchFolder,
  );
  return startRun(runtime, request, hostClock);
}

class RunSession {
  private readonly run: Run;
  private readonly snippet: SnippetText;
  private readonly analysis: () => Promise<SourceAnalysis>;
  private readonly command: RunCommand;
  private readonly host: Host;
  private hasTimedOut = false;
  private interrupts = 0;
  private stopped: Promise<void> | undefined;

  constructor(
    run: Run,
    snippet: SnippetText,
    analysis: () => Promise<SourceAnalysis>,
    command: RunCommand,
    host: Host,
  ) {
    this.run = run;
    this.snippet = snippet;
    this.analysis = analysis;
    this.command = command;
    this.host = host;
  }

  async toEnd(): Promise<number> {
    const { run, command } = this;
    if (!command.isJson) {
      run.onDidWrite(({ stream, text }) => {
        this.host[stream].write(shownOutput(run.request, text));
      });
    }
    this.connectInput();
    const onInterrupt = (): void => this.interrupt();
    const onTerminate = (): void => this.stop();
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    process.on('SIGHUP', onTerminate);
    const timer =
      command.timeoutMs === null ? undefined : setTimeout(() => this.timeOut(), command.timeoutMs);
    const end = await run.ended;
    clearTimeout(timer);
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
    process.off('SIGHUP', onTerminate);
    await this.stopped;
    this.host.stdin.destroy();
    await this.report(end);
    run.dispose();
    return this.exitStatus(end);
  }

  private connectInput(): void {
    const { stdin } = this.host;
    const { run } = this;
    stdin.on('data', (bytes: Buffer | string) => run.write(bytes.toString('utf8')));
    stdin.on('end', () => run.endInput());
    stdin.on('error', () => run.endInput());
  }

  /** The first Ctrl+C is the snippet's, to handle as in a terminal; the third time it is ended. */
  private interrupt(): void {
    this.interrupts++;
    if (this.interrupts < 3) this.run.interrupt();
    else this.stop();
  }

  private stop(): void {
    this.stopped ??= this.run.stop();
  }

  private timeOut(): void {
    this.hasTimedOut = true;
    const { model } = this.run;
    const after = formatDuration((this.command.timeoutMs ?? 0) * 1e6);
    const waits = openWaits(model).filter(wait => !model.lanes[wait.lane]?.helper);
    const lines = waits.map(wait => {
      const line = wait.site ? ` (line ${wait.site.line})` : '';
      const lane = model.lanes[wait.lane]?.name ?? 'a lane';
      return `${lane} was ${waitingWords(wait, inEnglish)} for ${formatDuration(model.nowNs - wait.startNs)}${line}.`;
    });
    model.addNote([`The run was ended after ${after}, as --timeout says.`, ...lines].join(' '));
    this.stop();
  }

  private async report(end: RunEnd): Promise<void> {
    const { model } = this.run;
    const { command, host, snippet } = this;
    const findings = await this.findings();
    if (command.perfetto !== null)
      await this.writePerfetto(path.resolve(host.cwd, command.perfetto));
    if (command.isJson) {
      const { exitCode, signal } = end;
      for (const piece of runJsonPieces(model, { exitCode, signal, findings })) {
        await writeWhole(host.stdout, piece);
      }
      return;
    }
    const paint = paintFor(host.stdout, host.env);
    const last = model.output.at(-1)?.text ?? '\n';
    const gap = last.endsWith('\n') ? '' : '\n';
    const text = report(
      {
        model,
        file: snippet.documentPath,
        source: snippet.text,
        lines: snippet.lines ?? null,
        findings,
        endWords: endWords(end, this.hasTimedOut),
      },
      paint,
    );
    await writeWhole(host.stdout, `${gap}${paint.dim('─'.repeat(60))}\n${text}`);
  }

  private async findings(): Promise<Finding[]> {
    const { documentPath, text } = this.snippet;
    const { waitPoints } = await this.analysis().catch((error: unknown) => {
      this.run.model.addNote(`The source could not be analysed: ${reasonOf(error)}.`);
      return { waitPoints: [] };
    });
    return findFindings({
      model: this.run.model,
      waitPointsOf: file => (file === documentPath ? waitPoints : []),
      sourceOf: file => (file === documentPath ? text : null),
      say: inEnglish,
    });
  }

  private async writePerfetto(target: string): Promise<void> {
    try {
      await pipeline(Readable.from(perfettoPieces(this.run.model)), createWriteStream(target));
    } catch (error) {
      this.run.model.addNote(`The trace could not be written to ${target}: ${reasonOf(error)}.`);
    }
  }

  private exitStatus(end: RunEnd): number {
    if (this.hasTimedOut) return EXIT.timeout;
    if (end.signal !== null) {
      const number = Object.entries(constants.signals).find(([name]) => name === end.signal)?.[1];
      return 128 + (number ?? 0);
    }
    return end.exitCode ?? 1;
  }
}

function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function endWords(end: RunEnd, hasTimedOut: boolean): string {
  if (hasTimedOut) return 'ended by --timeout';
  if (end.signal !== null) return `ended by ${end.signal}`;
  return end.exitCode === 0 ? '' : `exit status ${end.exitCode}`;
}
