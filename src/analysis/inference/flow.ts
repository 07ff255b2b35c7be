/** Owns which bindings of a name can reach a use of it. */
import type { Binding, NameExpr, Scope } from './syntax';

/** The scope that a name means where it stands: its own, or one around it; class bodies are not seen from their methods. */
export function scopeOf(name: NameExpr): Scope | undefined {
  let isInner = false;
  for (let scope: Scope | null = name.scope; scope; scope = scope.parent) {
    if (scope.kind === 'class' && isInner) continue;
    const declared = scope.declaredAs(name.id);
    if (declared === 'global') {
      while (scope.parent) scope = scope.parent;
      return scope.bindings.has(name.id) ? scope : undefined;
    }
    if (scope.bindings.has(name.id)) return scope;
    if (scope.kind === 'function' || scope.kind === 'class') isInner = true;
  }
  return undefined;
}

/** Bindings that can hold at the use: the nearest that always runs before it, and those that may run in between or around a loop. */
export function reaching(name: NameExpr, scope: Scope): readonly Binding[] {
  const all = scope.bindings.get(name.id) ?? [];
  if (all.length === 1 || !runsInline(name.scope, scope)) return all;
  const at = name.unit.base + name.start;
  const found: Binding[] = [];
  const before = lastBefore(all, at);
  for (let index = before; index >= 0; index--) {
    const binding = all[index];
    if (!binding) continue;
    found.push(binding);
    if (name.block.isWithin(binding.block)) break;
  }
  // A later binding holds here only when both are in one loop, and a loop lies within one unit.
  for (let index = before + 1; index < all.length; index++) {
    const binding = all[index];
    if (!binding || binding.unit !== name.unit) break;
    if (sharesLoop(binding, name)) found.push(binding);
  }
  return found.length ? found : all;
}

/** Place of the last binding that holds at the offset; bindings stand in the order of the text. */
function lastBefore(all: readonly Binding[], at: number): number {
  let low = -1;
  let high = all.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const binding = all[middle];
    if (binding && binding.unit.base + binding.from <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** True when the code of `inner` runs where it stands, not when it is called some time later. */
function runsInline(inner: Scope, outer: Scope): boolean {
  for (let scope: Scope | null = inner; scope; scope = scope.parent) {
    if (scope === outer) return true;
    if (scope.kind !== 'comp' && scope.kind !== 'class') return false;
  }
  return false;
}

function sharesLoop(binding: Binding, name: NameExpr): boolean {
  for (let block: typeof name.block | null = name.block; block; block = block.parent) {
    if (block.isLoop && binding.block.isWithin(block)) return true;
  }
  return false;
}
