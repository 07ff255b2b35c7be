# Two programs joined by a pipe: df -h | grep /
# Look at communicate(): the main thread waits there until grep has ended, and grep waits
# for what df writes. (The notes look for 'Data', the disk of a Mac; '/' is on every machine.)
import subprocess

# 2つの子プロセスをパイプで繋ぐ
p1 = subprocess.Popen(['df', '-h'], stdout=subprocess.PIPE)
p2 = subprocess.Popen(['grep', '/'], stdin=p1.stdout, stdout=subprocess.PIPE)
p1.stdout.close()
out, err = p2.communicate()  # df -h | grep /
p1.wait()
print(out.decode())
