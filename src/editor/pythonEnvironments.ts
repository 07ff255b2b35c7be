/** Owns the question "which Python?" as far as the editor knows: the setting, then the Python extension where there is one. */
import * as vscode from 'vscode';
import { setting } from './settings';

/** The part of the Python extension's public API that is used here. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly id: string; readonly path: string };
    resolveEnvironment(
      environment: { readonly id: string; readonly path: string } | string,
    ): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
  };
}

const PYTHON_EXTENSION = 'ms-python.python';

export class PythonEnvironments {
  private readonly log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  /** Undefined leaves the choice to the runtime: the workspace's own environment, then PATH. */
  async chosenFor(resource: vscode.Uri): Promise<string | undefined> {
    return setting('python.interpreter', resource) || (await this.fromExtension(resource));
  }

  /** Never in the way: whatever goes wrong in the other extension means "no opinion". */
  private async fromExtension(resource: vscode.Uri): Promise<string | undefined> {
    const extension = vscode.extensions.getExtension<PythonApi>(PYTHON_EXTENSION);
    if (!extension) return undefined;
    try {
      const { environments } = await extension.activate();
      if (!environments) return undefined;
      const active = environments.getActiveEnvironmentPath(resource);
      const resolved = await environments.resolveEnvironment(active);
      return resolved?.executable.uri?.fsPath;
    } catch (problem) {
      this.log.warn(
        `The Python extension did not say which interpreter is chosen: ${String(problem)}`,
      );
      return undefined;
    }
  }
}
