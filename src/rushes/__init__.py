"""Rushes: a local-first studio for AI-generated video.

``domain`` has the nouns; ``catalogue``, ``store``, ``media`` and ``providers`` are what they live
in; ``pipeline`` and ``library`` are what is done with them; ``studio`` puts one together;
``server`` and ``cli`` are its faces.
"""

__version__ = "0.1.0"
