# Two programs joined by a pipe, with our own end of it closed: dmesg | grep memory
# Only then does the first program notice (SIGPIPE) when the second one ends early.
# Look at communicate(): it waits for grep alone. Where the kernel's messages may not be
# read, as in many containers, the list of devices takes their place.
import subprocess

command, word = ["dmesg"], "memory"
try:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
except (OSError, subprocess.CalledProcessError):
    command, word = ["ls", "/dev"], "null"

p1 = subprocess.Popen(command, stdout=subprocess.PIPE)
p2 = subprocess.Popen(["grep", "-i", word], stdin=p1.stdout, stdout=subprocess.PIPE)
p1.stdout.close()  # SIGPIPE if p2 exits.
output = p2.communicate()[0]
p1.wait()
print("{0} | grep {1}: {2} lines".format(" ".join(command), word, len(output.splitlines())))
