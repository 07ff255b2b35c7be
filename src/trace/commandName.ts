/**
 * Owns the short name of a lane that is a program given in full on its command line: `python3 -c "…"` for
 * `python3 -c import time; …`. What fits a name column stays as it is.
 */

/** A command this long is read at a glance. */
const MOST = 32;

/** A program and the option after which a whole program follows: of Python, shells, Node, Ruby and Perl. */
const WITH_SOURCE = /^(?<start>\S+(?: -\S+)*? (?:-[A-Za-z]*[cep]|--eval|--print)) ./u;

export function shortCommand(command: string): string {
  if (command.length <= MOST) return command;
  const start = WITH_SOURCE.exec(command)?.groups?.['start'];
  return start === undefined ? command : `${start} "…"`;
}
