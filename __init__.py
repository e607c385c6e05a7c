"""wenzhai 文摘: turns Chinese digests of biomedical papers into checked, searchable records."""

__version__ = "0.1.0"
