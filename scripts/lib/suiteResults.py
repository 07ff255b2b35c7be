"""Runs one suite of CPython's own tests and writes a line `result<TAB>test` for each, for scripts/transparency.ts.

    python suiteResults.py OUT test.test_queue [names of single tests]
"""

import sys
import unittest


class Results(unittest.TestResult):
    def __init__(self, out):
        super().__init__()
        self.out = out
        self.bad_parts = set()

    def tell(self, result, test):
        self.out.write("%s\t%s\n" % (result, test.id()))
        self.out.flush()

    def startTest(self, test):
        super().startTest(test)
        # A suite that ends the process leaves the name of the test that did.
        self.tell("started", test)

    def addSuccess(self, test):
        self.tell("failed" if test.id() in self.bad_parts else "ok", test)

    def addFailure(self, test, err):
        self.show(test, err)
        self.tell("failed", test)

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.show(subtest, err)
            self.bad_parts.add(test.id())

    def addSkip(self, test, reason):
        self.tell("skipped", test)

    def addExpectedFailure(self, test, err):
        self.tell("failed as expected", test)

    def addUnexpectedSuccess(self, test):
        self.tell("succeeded unexpectedly", test)

    def show(self, test, err):
        sys.stderr.write("---- %s\n%s\n" % (test.id(), self._exc_info_to_string(err, test)))


def main():
    out, suite, *single = sys.argv[1:]
    from test import support

    # Nothing that needs the network, a display or much time.
    support.use_resources = {}
    names = [suite] if not single else single
    tests = unittest.defaultTestLoader.loadTestsFromNames(names)
    with open(out, "w") as file:
        tests.run(Results(file))
        file.write("finished\tsuite\n")


# test_multiprocessing_spawn imports this file again in each child.
if __name__ == "__main__":
    main()
