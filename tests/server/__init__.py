"""Tests of the HTTP face: of a real studio, over its own interface."""
