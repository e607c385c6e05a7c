"""A worker of the process pool: what runs in the other process.

It is told chunks through a pipe, and answers each with its results. Which item it has in hand is kept in memory that
it shares with the parent, so that the parent knows which one it died of.
"""

from __future__ import annotations

import gc
import pickle
import queue
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctypes import Array, c_longlong

# What a worker may have on its way: the chunk in hand, and the next one, so that it never waits for the parent.
PIPELINED = 2
# In the shared memory: whose turn it is, and the place in that chunk of the item in hand.
IN_HAND = 2
NOTHING = -1


def serve(pipe: Connection, in_hand: Array[c_longlong], payload: bytes) -> None:
    """Works until the pipe is closed, which it is when the parent ends, however that ends.

    Args:
        pipe: gives ``(turn, items)``, takes ``(turn, results, error)``, pickled; turns are numbered from 1.
        in_hand: shared with the parent.
        payload: the pickled `Work`.
    """
    # Ctrl-C and systemd's SIGTERM reach every process of the group; it is the parent that decides what they mean.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    tasks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks), daemon=True).start()
    try:
        work = pickle.loads(payload)  # noqa: S301 (our parent's)
        work.prepare()
    except Exception as error:  # noqa: BLE001 - told to the parent, who raises it
        _answer(pipe, (NOTHING, [], _portable(error)))
        return
    settle()
    _answer(pipe, (NOTHING, [], None))
    while (message := tasks.get()) is not None:
        turn, items = pickle.loads(message)  # noqa: S301
        if not _answer(pipe, _work_on(work, turn, items, in_hand)):
            return


def settle() -> None:
    """Lexicons and pipeline are there to stay: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


def _listen(pipe: Connection, tasks: queue.SimpleQueue[bytes | None]) -> None:
    """Takes what comes at once: the parent's writing end must never be full while it waits for an answer."""
    with suppress(EOFError, OSError):
        while True:
            tasks.put(pipe.recv_bytes())
    tasks.put(None)


def _work_on(work: Any, turn: int, items: list[Any], in_hand: Array[c_longlong]) -> tuple[int, list[Any], Any]:
    results = []
    try:
        for place, item in enumerate(items):
            in_hand[0], in_hand[1] = turn, place
            results.append(work(item))
    except Exception as error:  # noqa: BLE001 - what makes the whole run pointless, or a bug: told to the parent
        return turn, [], _portable(error)
    finally:
        in_hand[1] = NOTHING
    return turn, results, None


def _answer(pipe: Connection, message: tuple[int, list[Any], Any]) -> bool:
    """Whether there is still somebody to answer."""
    try:
        pipe.send_bytes(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _portable(error: Exception) -> Exception:
    """An error that survives the way home; of others what they say."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:  # noqa: BLE001 - whatever keeps it from being pickled
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
