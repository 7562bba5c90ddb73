"""The bands of all patterns. Sources are rows of docs/facts.md; a band is fixed before the model is looked at."""

from __future__ import annotations

import math

from odssim.analysis.patterns.records import Row

PER_100K = {"stockholm-city": (0.6, 1.7), "stockholm-county": (1.4, 3.0)}
"""Band of open drug scenes per 100,000 inhabitants, by city (C4; V2)."""
ANY_CITY = (0.6, 3.0)
SHARE = (0.0, 1.0)

ROWS: tuple[Row, ...] = (
    Row("V1", "share of cells holding half of a year's open deals", 0.01, 0.06, "emergent", "C9, C10", *SHARE),
    Row("V2 density", "open drug scenes per 100,000 inhabitants", *ANY_CITY, "emergent", "C4"),
    Row("V2 stations", "share of scenes within 300 m of a station", 0.7, 1.0, "emergent", "C5", *SHARE),
    Row("V3", "top fifth of active users' share of spending", 0.65, 0.9, "input check", "A15", *SHARE),
    Row("V4 change", "yearly change of the median price of cannabis, no shock", -0.1, 0.1, "emergent", "B3"),
    Row("V4 size", "mean size of that change over the substances", 0.0, 0.1, "emergent", "B3", 0.0),
    Row("V4 spread", "coefficient of variation of sellers' prices of cannabis", 0.2, 0.5, "input check", "B2", 0.0),
    Row("V5", "arc elasticity of grams 3-6 months after wholesale prices +20 %", -0.9, -0.2, "emergent", "B10-B13"),
    Row("V5 types", "elasticity of dependent less that of occasional users", 0.0, math.inf, "input check", "B13"),
    Row("V6", "change of retail prices when street arrests double", 0.0, 0.08, "emergent", "B17"),
    Row("V7", "change of open deals at scenes under doubled patrol", -0.30, -0.08, "calibrated", "D1, D4, D10", -1.0),
    Row("V8 peak", "visit length with the largest benefit per officer-minute, min", 8, 18, "emergent", "D5", 0.0),
    Row("V8 ratio", "hazard of a deal within 30 min, after 10-16 min over 1-2 min", 0.15, 0.55, "emergent", "D5", 0.0),
    Row("V9 displaced", "share of site contrasts with displacement", 0.15, 0.40, "emergent", "D32", *SHARE),
    Row("V9 diffused", "share of site contrasts with diffusion of benefits", 0.15, 0.40, "emergent", "D32", *SHARE),
    Row("V9 wdq", "weighted displacement quotient, ratio of sums", -0.4, 0.4, "emergent", "D32, D33"),
    Row("V10", "effect of saturation in weeks 17-22 over weeks 1-6", 0.4, 0.85, "emergent", "D11, D12"),
    Row("V10 12 weeks", "effect of saturation in weeks 7-12 over weeks 1-6", 0.85, math.inf, "emergent", "D11"),
    Row("V11", "change of open deals in view of known, watched cameras", -0.30, -0.08, "calibrated", "D21", -1.0),
    Row("V11 violence", "change of violence there", -0.08, 0.05, "emergent", "D21", -1.0),
    Row("V12 sale", "sale among recorded offences", 0.05, 0.14, "calibrated", "A39", *SHARE),
    Row("V12 possession", "possession among recorded offences", 0.35, 0.48, "calibrated", "A39", *SHARE),
    Row("V12 use", "own use among recorded offences", 0.43, 0.55, "calibrated", "A39", *SHARE),
    Row("V12 deals", "deals per recorded sale", 700, 4000, "calibrated", "A40", 0.0),
    Row("V13 retention", "share of those entering care who stay 12 months", 0.50, 0.64, "input check", "A32", *SHARE),
    Row("V13 accept", "share of outreach contacts with dependents: ask for care", 0.05, 0.15, "input check", "A36", *SHARE),
    Row("A45 purchases", "purchases a year at county scale, million", 3.5, 6.5, "identity", "A45", 0.0),
    Row("A45 turnover", "turnover a year at county scale, bn SEK", 1.2, 2.6, "identity", "A45", 0.0),
    Row("A45 open", "open share of purchases", 0.08, 0.25, "identity", "A45", *SHARE),
    Row("A45 pay", "income per seller's hour in the open, SEK", 100, 700, "identity", "A45"),
)  # fmt: skip
"""Every row with the band that holds in any city."""

KNOWN_SHORT = ("V6", "V9 displaced", "V9 diffused", "V10", "V11 violence")
"""Rows known to lie outside their bands; DECISIONS.md tells why (`odssim validate --gate` lets them pass)."""


def row_of(key: str, city: str) -> Row:
    """Return a row with its band in a city."""
    row = next(one for one in ROWS if one.key == key)
    if key != "V2 density":
        return row
    low, high = PER_100K.get(city, ANY_CITY)
    return Row(key, row.text, low, high, row.kind, row.source, 0.0)


def bands(city: str) -> list[tuple[str, str, float, float, str, str]]:
    """Return (key, text, low, high, kind, source) of every row that plain counts of one run give."""
    from odssim.analysis.patterns.counts import COUNTED

    rows = [row_of(key, city) for key in COUNTED]
    return [(row.key, row.text, row.low, row.high, row.kind, row.source) for row in rows]
