"""Whole processes killed at every place between two steps: nothing is lost or bought twice."""
