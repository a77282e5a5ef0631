"""The questions of an audit as SQL over two tables (visits, lines) and, where there are notes, facts and evidence."""

from __future__ import annotations

from typing import Final

_PLACES: Final = """
CASE WHEN l.code LIKE 'M54.2%' OR l.code LIKE 'M50.%' THEN ['cervical', 'cervicothoracic', 'occipito-atlanto-axial']
     WHEN l.code LIKE 'M54.6%' THEN ['thoracic', 'thoracolumbar']
     WHEN left(l.code, 5) IN ('M54.3', 'M54.4', 'M54.5') THEN ['lumbar', 'lumbosacral', 'thoracolumbar', 'sacral'] END
"""
"""Regions a study must show to say more of a code; NULL: any."""

SIZE: Final = "SELECT count(*), count(DISTINCT patient) FROM visits"
MONTHS: Final = """
SELECT strftime(v.day, '%Y-%m') AS month, count(DISTINCT v.number), avg(l.unspecified::INTEGER)
FROM visits v JOIN lines l USING (number) WHERE v.day IS NOT NULL GROUP BY month ORDER BY month
"""
PROVIDERS: Final = """
SELECT v.provider, count(DISTINCT v.number) AS many, avg(l.unspecified::INTEGER)
FROM visits v JOIN lines l USING (number) WHERE v.provider <> '' GROUP BY v.provider ORDER BY many DESC, v.provider
"""
BESIDE: Final = """
SELECT v.patient, v.provider, v.day, v.id, a.code, b.code
FROM lines a JOIN lines b USING (number) JOIN visits v USING (number)
WHERE (a.code = 'M54.50' AND (b.code LIKE 'M51.%' OR b.code LIKE 'M54.4%'))
   OR (a.code LIKE 'M54.3%' AND b.code LIKE 'M54.4%')
ORDER BY v.number, a.code, b.code
"""
KEPT: Final = """
SELECT v.patient, arg_max(v.provider, v.nth), max(v.day), list(v.id ORDER BY v.nth), l.code, min(v.day)
FROM visits v JOIN lines l USING (number)
WHERE l.unspecified AND l.code <> 'M54.9' AND v.patient <> ''
GROUP BY v.patient, l.code HAVING count(*) >= ? ORDER BY v.patient, l.code
"""
AFTER_IMAGING: Final = f"""
WITH studied AS (
    SELECT v.patient, f.region, f.problem, min(v.day) AS day
    FROM facts f JOIN visits v USING (number)
    WHERE f.standing = 'finding' AND f.context = 'present' AND v.patient <> ''
      AND f.problem NOT IN ('pain', 'other diagnosis', 'fracture', 'osteoporosis', 'flank pain')
    GROUP BY ALL
), after AS (
    SELECT v.patient, v.provider, v.day, v.nth, v.id, l.code, min(s.day) AS first, arg_min(s.problem, s.day) AS what
    FROM visits v JOIN lines l USING (number)
    JOIN studied s ON s.patient = v.patient AND s.day < v.day
        AND ({_PLACES} IS NULL OR s.region IS NULL OR list_contains({_PLACES}, s.region))
    WHERE l.unspecified AND l.code <> 'M54.9' GROUP BY ALL
)
SELECT patient, arg_max(provider, nth), max(day), list(id ORDER BY nth), code, min(first), arg_min(what, first)
FROM after GROUP BY patient, code ORDER BY patient, code
"""  # noqa: S608  # our own text
FOLLOW_UP: Final = """
WITH firsts AS (
    SELECT patient, min(day) AS first FROM visits JOIN lines USING (number)
    WHERE patient <> '' AND (code LIKE 'M4%' OR code LIKE 'M5%') GROUP BY patient
)
SELECT v.patient, arg_max(v.provider, v.nth), max(v.day), list(v.id ORDER BY v.nth), min(f.first)
FROM visits v JOIN lines l USING (number) JOIN firsts f USING (patient)
WHERE l.code = 'M54.9' AND v.day > f.first AND v.day <= f.first + INTERVAL 1 YEAR
GROUP BY v.patient ORDER BY v.patient
"""
UNCHANGED: Final = """
WITH said AS (
    SELECT number, list_sort(list(DISTINCT problem || '|' || coalesce(region, '') || '|'
        || CASE WHEN problem = 'sciatica' THEN coalesce(side, '') ELSE '' END)) AS words
    FROM facts
    WHERE context = 'present' AND standing IN ('assessed', 'planned')
      AND problem NOT IN ('other diagnosis', 'fracture', 'osteoporosis', 'flank pain')
    GROUP BY number
), coded AS (SELECT number, list_sort(list(DISTINCT code)) AS codes FROM lines GROUP BY number),
told AS (
    SELECT v.patient, v.provider, v.day, v.id, v.nth, c.codes, s.words, lag(v.id) OVER before AS earlier,
           lag(c.codes) OVER before AS old_codes, lag(s.words) OVER before AS old_words
    FROM visits v JOIN coded c USING (number) JOIN said s USING (number) WHERE v.patient <> ''
    WINDOW before AS (PARTITION BY v.patient ORDER BY v.nth)
), compared AS (
    SELECT *, [w FOR w IN words IF NOT list_contains(old_words, w)] AS new FROM told WHERE codes = old_codes
)
SELECT patient, provider, day, id, earlier, codes, new FROM compared WHERE len(new) > 0 ORDER BY patient, nth
"""
COPIED: Final = """
WITH cited AS (
    SELECT DISTINCT number, slot, start_at, sha256 FROM evidence WHERE "of" = 'facts'
), many AS (SELECT number, count(*) AS whole FROM cited GROUP BY number),
pairs AS (
    SELECT v.number, v.patient, v.provider, v.day, v.id, p.number AS earlier, p.id AS before,
           v.sha256 = p.sha256 AND v.characters >= 200 AS same
    FROM visits v JOIN visits p ON p.patient = v.patient AND p.nth = v.nth - 1 WHERE v.patient <> ''
), shared AS (
    SELECT p.number, count(*) AS shared FROM pairs p JOIN cited a ON a.number = p.number
    JOIN cited b ON b.number = p.earlier AND (b.slot, b.start_at, b.sha256) = (a.slot, a.start_at, a.sha256)
    GROUP BY p.number
)
SELECT p.patient, p.provider, p.day, p.id, p.before, p.same, coalesce(s.shared, 0), coalesce(m.whole, 0),
       (SELECT list(code ORDER BY code) FROM lines l WHERE l.number = p.number)
FROM pairs p LEFT JOIN shared s USING (number) LEFT JOIN many m USING (number)
WHERE p.same OR (m.whole >= 8 AND s.shared >= 0.9 * m.whole) ORDER BY p.number
"""
_PAIN: Final = "(l.code IN ('M54.2', 'M54.6', 'M54.9') OR l.code LIKE 'M54.5%')"
CHRONIC_CLAIMED: Final = f"""
WITH pain AS (
    SELECT v.patient, v.provider, v.day, v.nth, v.id, v.number, left(l.code, 5) AS kind, l.code
    FROM visits v JOIN lines l USING (number) WHERE {_PAIN} AND v.patient <> ''
)
SELECT patient, arg_max(provider, nth), max(day), arg_max(id, nth), arg_max(code, nth),
       (max(day) - min(day)) / 30.0, 'Pain of this region since ' || min(day) || ', the last visit ' || max(day) || '.'
FROM pain GROUP BY patient, kind
HAVING max(day) - min(day) >= 90
   AND count(*) FILTER (number IN (SELECT number FROM lines WHERE code LIKE 'G89.%' OR code = 'F45.42')) = 0
ORDER BY patient
"""  # noqa: S608  # our own text
CHRONIC_STATED: Final = f"""
WITH lasting AS (
    SELECT number, max(CASE
        WHEN duration IS NULL THEN 0
        WHEN duration LIKE '%decade%' THEN 120
        ELSE coalesce(TRY_CAST(regexp_extract(duration, '^([0-9.]+) ', 1) AS DOUBLE), 2)
            * CASE WHEN duration LIKE '%year%' THEN 12 WHEN duration LIKE '%month%' THEN 1
                   WHEN duration LIKE '%week%' THEN 0.25 ELSE 0 END
        END) AS months, count(course) FILTER (course IN ('acute', 'subacute', 'chronic', 'acute on chronic')) AS stated
    FROM facts WHERE problem = 'pain' AND context = 'present'
      AND (region IS NULL OR region NOT IN ('leg', 'arm', 'elsewhere')) GROUP BY number
), pain AS (
    SELECT v.*, left(l.code, 5) AS kind, l.code, coalesce(t.months, 0) AS months, coalesce(t.stated, 0) AS stated,
           v.number IN (SELECT number FROM lines WHERE code LIKE 'G89.%' OR code = 'F45.42') AS coded
    FROM visits v JOIN lines l USING (number) LEFT JOIN lasting t USING (number) WHERE {_PAIN} AND v.patient <> ''
)
SELECT patient, arg_max(provider, nth), max(day), arg_max(id, nth), arg_max(code, nth),
       greatest(max(months), (max(day) - min(day)) / 30.0) AS long,
       CASE WHEN max(months) >= 3 THEN 'The note says how long: ' || printf('%g', round(max(months), 1)) || ' months.'
            ELSE 'Pain of this region since ' || min(day) || ', the last visit ' || max(day) || '.' END
FROM pain GROUP BY patient, kind
HAVING long >= 3 AND sum(stated) = 0 AND NOT bool_or(coded) ORDER BY patient
"""  # noqa: S608  # our own text
PEERS: Final = """
SELECT v.provider, count(*) AS many, count(*) FILTER (u.unspecified)
FROM visits v JOIN (SELECT number, bool_or(unspecified) AS unspecified FROM lines GROUP BY number) u USING (number)
WHERE v.provider <> '' GROUP BY v.provider HAVING many >= ? ORDER BY v.provider
"""
