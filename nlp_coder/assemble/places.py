"""Levels and roots → regions, by coding-policy section 2 (house: the code book has no such table)."""

from __future__ import annotations

from nlp_coder.vocabulary import AREAS, LIMBS, OTHER_PARTS

SPINE = (
    "occipito-atlanto-axial",
    "cervical",
    "cervicothoracic",
    "thoracic",
    "thoracolumbar",
    "lumbar",
    "lumbosacral",
    "sacral",
)
"""Regions of the spine, from the top; ``back`` (no region), ``sacroiliac`` and ``coccyx`` stand apart."""

NOT_SPINE = LIMBS | OTHER_PARTS

_JUNCTIONS = {"C7-T1": "cervicothoracic", "T12-L1": "thoracolumbar", "L5-S1": "lumbosacral"}
_ROOTS = {"C1": "occipito-atlanto-axial", "C2": "occipito-atlanto-axial", "C8": "cervicothoracic"} | {
    "T12": "thoracolumbar",
    "S1": "lumbosacral",
}
_LETTERS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "sacral"}


def region_of_level(level: str) -> str:
    """The region of a disc level such as ``L5-S1``."""
    if level in _JUNCTIONS:
        return _JUNCTIONS[level]
    if level in {"C1-C2", "C0-C1"}:
        return "occipito-atlanto-axial"
    return _LETTERS[level[0]]


def level_below(vertebra: str) -> str:
    """The disc level under a vertebra: ``L5-S1`` of L5; empty where there is none."""
    order = [f"{part}{n}" for part, last in (("C", 7), ("T", 12), ("L", 5)) for n in range(1, last + 1)] + ["S1"]
    place = order.index(vertebra) if vertebra in order[:-1] else -1
    return f"{vertebra}-{order[place + 1]}" if place >= 0 else ""


def region_of_root(root: str) -> str:
    """The region of a nerve root such as ``S1``; T12 is thoracolumbar, C8 cervicothoracic, S1 lumbosacral."""
    return _ROOTS.get(root, _LETTERS[root[0]])


def region_of_roots(roots: list[str]) -> str:
    """The region of roots named as one process: their own, or the junction between two."""
    regions = {region_of_root(root) for root in roots}
    if len(regions) == 1:
        return regions.pop()
    if {"C8", "T1"} <= set(roots):
        return "cervicothoracic"
    if "S1" in roots:
        return "lumbosacral"
    if "T12" in roots:
        return "thoracolumbar"
    return region_of_root(roots[0])


def region_of_vertebra(vertebra: str) -> str:
    """The region of a vertebral body such as ``T12`` (thoracic, unlike the root)."""
    return _LETTERS[vertebra[0]]


def same_area(one: str, other: str) -> bool:
    """May a diagnosis at one region explain pain at the other? Neighbouring junctions count, an unstated region too."""
    anywhere = frozenset({"neck", "mid", "low"})
    back = frozenset({"mid", "low"})
    mine, theirs = (back if r == "back" else AREAS.get(r, anywhere) for r in (one, other))
    return bool(mine & theirs)
