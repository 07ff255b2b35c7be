/** Programs print and end the same with and without the tracer. */
import { assertSame, PROGRAMS } from './javascriptPrograms';

describe('JavaScript programs', function () {
  this.timeout(120_000);
  for (const program of PROGRAMS) {
    for (const launcher of program.launchers) {
      it(`${program.file} prints and ends the same, traced in a ${launcher}`, () =>
        assertSame(program, launcher));
    }
  }
});
