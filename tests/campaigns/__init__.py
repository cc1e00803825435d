"""What may never happen, tried many times over: ``python -m tests.campaigns``.

- ``kill``: a studio at work is killed at random moments, again and again
- ``network``: every fault that the emulator knows, alone and in random pairs
- ``power``: the order of writing, syncing, naming and saying so, read from the system's calls
- ``faults``: disks, limits and locks that stop a save, and the retry after the cause is gone

``make test`` runs the short form of each, ``make campaign`` the whole. Everything random comes from
a seed, which is printed, so that a run can be repeated.
"""
