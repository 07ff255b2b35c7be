/** Owns which files of the workspace have a say in a file: those it imports, and what they import, as far as the host's bound goes. */
import { type FindModule, submodule } from './modules';
import type { FileFacts } from './syntax';

export function importedFiles(facts: FileFacts, find: FindModule): FileFacts[] {
  const found = new Set([facts]);
  // Nearest first: what the file itself imports matters most where the bound is reached.
  for (const file of found) {
    for (const name of importsOf(file)) {
      const imported = find(name, file);
      if (imported) found.add(imported);
    }
  }
  found.delete(facts);
  return [...found];
}

function importsOf(file: FileFacts): Set<string> {
  const names = new Set(file.starImports);
  for (const unit of file.units) {
    for (const { binding } of unit.contributions) {
      const { value } = binding;
      if (value.kind !== 'import') continue;
      names.add(value.module);
      const inner = value.member === null ? undefined : submodule(value.module, value.member);
      if (inner !== undefined) names.add(inner);
    }
  }
  return names;
}
