"""`python -m rushes` is `rushes`."""

from rushes.cli.main import main

main()
