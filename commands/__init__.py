"""The commands, one module a group: each takes its options, calls the pipeline or the store, and shows the result.

`cli` puts them together. A module here may be imported without loading spaCy: what needs it is imported
within the command.
"""
