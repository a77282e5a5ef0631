"""Which sections weigh what: diagnosis, plan, history, examination, studies, teaching (policy section 1)."""

from __future__ import annotations

ASSESSED = {"assessment", "assessment and plan", "impression", "postoperative diagnosis", "discharge diagnosis"}
PLANNED = {"plan"}
BACKGROUND = {
    "past medical history",
    "past surgical history",
    "family history",
    "social history",
    "review of systems",
    "medications",
    "allergies",
    "problem list",
}
EXAM = {"physical exam", "objective", "vitals"}
STUDIES = {"imaging", "labs", "studies", "findings", "technique"}
TAUGHT = {"instructions", "education"}

RANK = {
    "assessed": 7,
    "planned": 6,
    "complaint": 5,
    "presenting": 4,
    "finding": 3,
    "sign": 2,
    "background": 1,
    "education": 0,
}
"""How much each standing weighs when sections contradict each other; the assessment wins."""
