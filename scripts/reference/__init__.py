"""The reference pages and the OpenAPI document, made from the code itself.

``python -m scripts.reference`` writes them; a test makes them again and compares.
"""
