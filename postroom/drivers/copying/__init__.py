"""Copying mail from other people's servers: the readers of their side, the writers of ours, and the words between.

Everything raises TemporaryFailure or PermanentFailure, or RefusedHere when a server says no to one folder or one
message and the rest can go on.
"""
