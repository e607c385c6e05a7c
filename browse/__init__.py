"""The database in a web browser: Datasette with a search page and a page for every record.

Read only, bound to this machine by default, and nothing is loaded from elsewhere. Datasette is an optional
extra (``wenzhai[browse]``); only `server` imports it, and what only it imports.
"""
