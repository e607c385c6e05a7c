"""Bibliographic services on the network, one file each, and what their answers mean for a claimed paper."""
