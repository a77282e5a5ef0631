"""Which ids were seen: 8 bytes of hash each in a flat table, so that millions stay small."""

from __future__ import annotations

import hashlib
from array import array

_FIRST_SIZE = 1024


class Seen:
    """A set of ids that only tells whether one is new (two ids share a hash once in 10^7 archives of a million)."""

    def __init__(self) -> None:
        """Begin with none."""
        self._table = array("Q", bytes(8 * _FIRST_SIZE))
        self._count = 0

    def new(self, id: str) -> bool:
        """Whether the id was not given before; from now on it was."""
        key = int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest(), "little") or 1
        if not self._put(self._table, key):
            return False
        self._count += 1
        if self._count * 2 > len(self._table):
            self._grow()
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._table)))
        for key in self._table:
            if key:
                self._put(larger, key)
        self._table = larger

    @staticmethod
    def _put(table: array[int], key: int) -> bool:
        """Put a hash into the first free place from its own on (0 is free); False if it stands there."""
        last = len(table) - 1
        place = key & last
        while there := table[place]:
            if there == key:
                return False
            place = (place + 1) & last
        table[place] = key
        return True
