"""The same work in this process, on all cores, or on a cluster: an injected map over items.

    items ─▶ Ordered ─▶ chunks ─▶ engine (serial, process pool, Dask) ─▶ results, in the order of the items

An engine works on chunks in any order and in other processes; `Ordered` cuts the chunks, bounds what is in
flight, and puts the results in order again. Whoever hands items in is the only one who writes: nothing here
knows of a database.

An item whose processing kills the process that does it (no memory left, a crash in C code) gives `Killed`
after two tries; its neighbours in the chunk are worked on again and never blamed.
"""

from __future__ import annotations

from .contract import Engine, Killed, Work
from .ordered import Limits, Ordered
from .serial import SerialEngine

__all__ = ["Engine", "Killed", "Limits", "Ordered", "SerialEngine", "Work"]
