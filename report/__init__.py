"""A period of the archive on one page: what was digested, what is rising, and the key findings.

The charts need an optional extra (``wenzhai[report]``); only `charts` and `html_page` import it.
"""
