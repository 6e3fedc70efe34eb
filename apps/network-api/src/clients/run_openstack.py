"""Runs commands of the real `openstack` client, one a line of standard input, in one process.

To start the client takes longer than all the commands of a test. What each prints is followed by its exit code.
"""

import logging
import shlex
import sys

from openstackclient import shell

for line in sys.stdin:
    print("$ openstack " + line.strip(), flush=True)
    # It adds its own each time.
    logging.getLogger().handlers.clear()
    try:
        code = shell.main(shlex.split(line))
    except SystemExit as end:
        code = end.code
    sys.stderr.flush()
    print("rc=%s" % code, flush=True)
