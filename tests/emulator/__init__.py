"""A fal that runs on this machine and bills nobody: queue, platform list and media host.

::

    with FalEmulator() as fal:
        fal.queue_url, fal.platform_url, fal.media_host    # for the settings
        fal.ledger                                         # every accepted submit: what was bought
        fal.settings.queued_polls = 0                      # see EmulatorSettings
        fal.faults.script("submit-429", None)              # one entry for each coming submit

Or as a process of its own, for tests that kill: ``python -m tests.emulator --port 0 --ledger FILE``
prints one JSON line with its addresses and then appends one JSON line for each accepted submit to
FILE. It ends on SIGTERM, SIGINT, and when its standard input closes if ``--until-stdin-closes``.

A fault can be put into a prompt as ``[fault:NAME]``: all of them are in the table in
``faults.py``, which ``python -m tests.emulator --faults`` prints. ``[fault:NAME*3]`` makes it
strike three times, ``[fault:NAME*always]`` each time. Several faults may be in one prompt.

Time is counted, not measured: a request is IN_QUEUE for ``queued_polls`` status calls and
IN_PROGRESS for ``running_polls`` more (or for seconds, when those settings are given).

Four ports: queue, platform, media, and "elsewhere", a host that nobody should ever contact. What
came in at each is in ``fal.seen``, with whether it carried a key. A fault of the emulator itself
is raised when it is closed, so that no test passes by it.
"""

from tests.emulator.server import FalEmulator
from tests.emulator.state import EmulatorSettings, LedgerEntry

__all__ = ["EmulatorSettings", "FalEmulator", "LedgerEntry"]
