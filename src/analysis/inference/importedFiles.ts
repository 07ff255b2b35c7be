/** Owns which files of the workspace have a say in a file: those it imports, and what they import, as far as the host's bound goes. */
import { type FindModule, submodule } from './modules';
import type { Expr, FileFacts } from './syntax';

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
      const value = importIn(binding.value);
      if (!value) continue;
      names.add(value.module);
      const inner = value.member === null ? undefined : submodule(value.module, value.member);
      if (inner !== undefined) names.add(inner);
    }
  }
  return names;
}

/** `const { Pool } = require("./pool")`, `const run = require("./run").default`: a part of what is imported. */
function importIn(value: Expr): (Expr & { kind: 'import' }) | undefined {
  let at = value;
  while (at.kind === 'attr' || at.kind === 'call') at = at.kind === 'attr' ? at.object : at.fn;
  return at.kind === 'import' ? at : undefined;
}
