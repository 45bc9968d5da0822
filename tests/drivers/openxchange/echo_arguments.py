"""Prints its arguments and the password that it was given."""

import os
import sys

sys.stdout.write(ascii((sys.argv[1:], os.environ["ADMIN_PASSWORD"])))
