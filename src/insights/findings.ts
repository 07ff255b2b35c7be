/** Owns the list of rules: everything there is to tell about a run, the most important first. */
import { findDeadlocks } from './deadlock';
import { RULES } from './finding';
import type { Finding, InsightInput } from './finding';

const ALL = [findDeadlocks];

export function findFindings(input: InsightInput): Finding[] {
  const findings = ALL.flatMap(rule => rule(input));
  return findings.toSorted(
    (one, other) =>
      RULES.indexOf(one.rule) - RULES.indexOf(other.rule) || (one.line ?? 0) - (other.line ?? 0),
  );
}
