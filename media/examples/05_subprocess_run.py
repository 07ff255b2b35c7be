# subprocess.run() starts another program, waits for it and hands back its output and status.
# Look at the run lines: each waits as long as its program lives; the last one gives up
# after half a second, because of its timeout.
import subprocess
import sys

greeting = subprocess.run([sys.executable, '-c', 'print("hello from a child")'],
                          stdout=subprocess.PIPE, universal_newlines=True, check=True)
print(greeting.stdout.strip())

failed = subprocess.run([sys.executable, '-c', 'import sys; sys.exit(3)'])
print('status code: {}'.format(failed.returncode))

upper = subprocess.run(['tr', 'a-z', 'A-Z'], input='sent to the child\n',
                       stdout=subprocess.PIPE, universal_newlines=True)
print(upper.stdout.strip())

try:
    subprocess.run(['sleep', '5'], timeout=0.5)
except subprocess.TimeoutExpired:
    print('sleep 5 was stopped after half a second')
