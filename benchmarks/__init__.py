"""Rushes side by side with the plainest thing that does the same work: ``python -m benchmarks``.

Each module with a ``run`` measures one thing and returns rows of the table; one with a ``detail``
can say more when asked. The measured programs are processes of their own.
"""
