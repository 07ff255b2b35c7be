/** Owns the list of rules: everything there is to tell about a run, the most important first. */
import { findBlockedLoops } from './blockedLoop';
import { findDaemonsCutOff } from './daemonCutOff';
import { findDeadlocks } from './deadlock';
import { RULES } from './finding';
import type { Finding, InsightInput } from './finding';
import { findLocksHeldWhileWaiting } from './lockHeldWhileWaiting';
import { findNeverJoined } from './neverJoined';
import { findNeverSettled } from './neverSettled';
import { findPoolsTooSmall } from './poolTooSmall';
import { findSequentialAwaits } from './sequentialAwaits';
import { findEndlessWaits } from './endlessWait';
import { findUncaughtExceptions } from './uncaughtException';
import { findUnseenExceptions } from './unseenException';

const ALL: readonly ((input: InsightInput) => Finding[])[] = [
  findUncaughtExceptions,
  findDeadlocks,
  findEndlessWaits,
  findNeverSettled,
  findBlockedLoops,
  findLocksHeldWhileWaiting,
  findUnseenExceptions,
  findSequentialAwaits,
  findPoolsTooSmall,
  findDaemonsCutOff,
  findNeverJoined,
];

export function findFindings(input: InsightInput): Finding[] {
  const findings = ALL.flatMap(rule => rule(input));
  return findings.toSorted(
    (one, other) =>
      RULES.indexOf(one.rule) - RULES.indexOf(other.rule) || (one.line ?? 0) - (other.line ?? 0),
  );
}
