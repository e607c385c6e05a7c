"""Extraction: from a cleaned article to its record, with the words every value came from.

Importing this package is cheap; spaCy and the lexicons are loaded with ``extractors.nlp``.
"""
