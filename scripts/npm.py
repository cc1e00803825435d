"""Run npm in ``web/`` with the Node that builds the page: ``python -m scripts.npm run check``."""

from __future__ import annotations

import sys
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parent.parent


if __name__ == "__main__":
    hatch_build.run_npm(ROOT, *sys.argv[1:])
