/** Owns the names of the modules that come with Python: none of them is a file of the workspace. Such as people call a file of their own are left out. */

const NAMES = `
__future__ abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile cgi cgitb cmath
codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes
curses dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl
filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq
hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox
marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc ntpath opcode operator optparse os pathlib pdb
pickle pickletools pkgutil platform plistlib poplib posixpath pprint pstats pty pwd py_compile pyclbr pydoc pyexpat
queue quopri random re readline reprlib rlcompleter runpy sched select selectors shelve shlex shutil signal smtplib
socket socketserver sqlite3 ssl stat string stringprep struct subprocess symtable sys sysconfig syslog tabnanny
tarfile telnetlib tempfile termios textwrap threading time timeit tkinter tokenize tomllib traceback tracemalloc tty
turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xml
xmlrpc zipapp zipfile zipimport zlib zoneinfo
`;

const STANDARD: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/));

export const isStandard = (name: string): boolean => STANDARD.has(name.split('.', 1)[0] ?? '');
