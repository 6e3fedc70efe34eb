"""Runs commands of a real client of OpenStack (`openstack` or `nova`), one a line of standard input, in one process.

To start a client takes longer than all the commands of a test. What each prints is followed by its exit code.
"""

import logging
import shlex
import sys


def openstack(argv):
    from openstackclient import shell

    return shell.main(argv)


def nova(argv):
    from novaclient import shell

    sys.argv = ["nova"] + argv
    return shell.main(argv) or 0


client = {"openstack": openstack, "nova": nova}[sys.argv[1]]

for line in sys.stdin:
    print("$ %s %s" % (client.__name__, line.strip()), flush=True)
    # It adds its own each time.
    logging.getLogger().handlers.clear()
    try:
        code = client(shlex.split(line))
    except SystemExit as end:
        code = end.code
    sys.stderr.flush()
    print("rc=%s" % code, flush=True)
