/** Owns the lens on the first line of an example that has a sister in the other language: opens it beside. */
import * as vscode from 'vscode';
import type { Gallery } from '../gallery';
import { COMMANDS } from '../ids';
import { LANGUAGE_IDS } from '../languages';
import { setting } from '../settings';

export class SisterLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly gallery: Gallery;
  private readonly registration: vscode.Disposable;

  constructor(gallery: Gallery) {
    this.gallery = gallery;
    this.registration = vscode.languages.registerCodeLensProvider(
      LANGUAGE_IDS.map(language => ({ language })),
      this,
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    if (!setting('codeLens.enabled', uri)) return [];
    const sister = await this.gallery.sisterOf(uri);
    if (!sister) return [];
    const title = vscode.l10n.t('Open {0} Beside', sister.split('/').at(-1) ?? sister);
    const command = { title, command: COMMANDS.openSister, arguments: [uri.toString()] };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }

  dispose(): void {
    this.registration.dispose();
  }
}
