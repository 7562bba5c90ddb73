"""What is told of each pattern: the mechanism that makes it, the protocol, and what switches the mechanism off."""

from __future__ import annotations

from odssim.analysis.patterns.records import Off, Page
from odssim.world.columns import BUYER_TYPES

NO_WORD = Off("nobody hears of places from others", (("belief.word_share", 0.0), ("belief.word_weight", 0.0)))
NO_PULL = Off("open dealing does not draw those who look for a place", (("search.activity_pull", 0.0),))
NO_HIDING = Off("sellers do not hide from police", (("selling.hide_share.police", 0.0),))
NO_SIGHT = Off("nobody learns from seeing police", (("belief.see.police", 0.0),))
NO_PHONE = Off(
    "no sales by phone",
    (("selling.hidden_ease_sek", -1e6), ("belief.contact_share", 0.0), ("population.contact_share.occasional", 0.0),
     ("population.contact_share.regular", 0.0), ("population.contact_share.dependent", 0.0)),
)  # fmt: skip
NO_EXPLORING = Off(
    "nobody tries a place not yet known", (("choice.explore_share", 0.0), ("selling.explore_share", 0.0))
)
AT_START = "The contrast begins at start_date, after the burn-in, which both worlds share; window "

PAGES: tuple[Page, ...] = (
    Page("V1", "Concentration",
         "A place attracts by its passers-by and its station; buyers go where they last found a seller "
         "(belief, loyalty), sellers where they last earned, and both are drawn to dealing that can be seen "
         "(search.activity_pull). The three together make few cells hold most deals; nobody places a scene.",
         "One year of the City without interventions; open deals per cell with at least one.", "A",
         (NO_PULL, NO_WORD, Off("the source that worked last is not tried first", (("choice.loyalty", 0.0),)),
          Off("a station draws nobody", (("search.station_weight", 0.0),)))),
    Page("V2", "Scenes emerge, at stations",
         "As V1, with more weight on stations: passers-by and short journeys meet there. A scene is a cluster "
         "of touching cells with 5 open deals a day and a deal on 80 % of 90 days; the definition is fixed.",
         "The last 90 days of a year, City and county.", "B",
         (Off("a station draws nobody", (("search.station_weight", 0.0),)), NO_PULL, NO_PHONE)),
    Page("V3", "Heavy users",
         "Needs a month by type (1, 5, 25) and a log-normal spread within types: given, not behaviour.",
         "A year of the City; what each buyer with a purchase paid.", "B",
         (Off("no spread within types", (("population.rate_sigma", 0.0), ("population.basket_sigma", 0.0))),
          Off("all types buy five times a month",
              tuple((f"need.rate_month.{t}", 5.0) for t in BUYER_TYPES if t != "regular")))),
    Page("V4", "Stable prices that differ",
         "Sellers ask their wholesaler's price times a markup and a factor of their own, and move slowly "
         "towards it; who turned customers away goes up a little, who sold nothing goes down. Chance "
         "interceptions move wholesale prices. The spread is the given spread of factors.",
         "A year of the City, no shock: medians of the last 30 days over the first 30, per year; 'size' takes "
         "all four substances, 'change' the first.", "B",
         (Off("sellers are alike", (("population.price_sigma", 0.0),)),
          Off("prices follow costs at once", (("pricing.revert", 1.0), ("pricing.max_step", 1.0))))),
    Page("V5", "Demand",
         "What a buyer takes at a meeting falls with the price by his type's elasticity (a sourced input); "
         "with a higher price some go without, search longer, or cannot pay. The input gives most of it; the "
         "rest is behaviour.",
         AT_START + "days 91 to 182 after wholesale prices of all substances rise by 20 % for good.", "A",
         (Off("nobody takes less because of the price", tuple((f"purchase.elasticity.{t}", 0.0) for t in BUYER_TYPES)),)),
    Page("V6", "Arrests hardly move prices",
         "Sellers ask more where they feel more at risk (pricing.risk_pay), and arrests leave vacancies that "
         "are filled in days. Neither is large against cost.",
         AT_START + "days 181 to 365 of a year in which officers come twice a day to the 40 busiest places and arrest "
         "half as many again of those they catch; how far arrests rise is printed beside it.", "A",
         (Off("no pay for risk", (("pricing.risk_pay", 0.0),)),
          Off("an arrested seller is replaced after 40 days, not 10", (("recruitment.replace_days", 40.0),)))),
    Page("V7", "More patrol, fewer open deals",
         "Sellers hide when police come and wait; buyers leave when their patience ends; both remember the "
         "place and hour as risky, and go elsewhere, phone, or stay at home.",
         AT_START + "12 weeks in which scenes get their ordinary visits once more, at irregular times; true "
         "open deals at the scenes' cells. Recorded offences stand beside it and may rise.", "A",
         (NO_HIDING, NO_SIGHT, Off("neither", (*NO_HIDING.sets, *NO_SIGHT.sets)))),
    Page("V8", "The fifteen-minute curve",
         "A hidden seller waits for about seven minutes, more or less the same for all (selling.hide_min, "
         "hide_sigma): shorter visits are waited out, longer ones send him away for an hour or for the day, "
         "and minutes beyond that add little.",
         "Teaching town, 26 weeks: three visits a day at each scene, 1 to 30 minutes by lot. Benefit = deals "
         "that the place has at that hour on quiet minutes less those from arrival to two hours after. The "
         "ratio is of hazards.", "B",
         (NO_HIDING, Off("patience without memory (log-scale spread 1.5)", (("selling.hide_sigma", 1.5),)),
          Off("who is sent away comes back in 5 minutes", (("selling.break_min", 5.0),)))),
    Page("V9", "Displacement and diffusion",
         "Buyers and sellers choose among the places they know, the phone, later, or not at all. Who was "
         "pushed may open next door; and where sellers are driven off a scene its neighbours lose the buyers "
         "who came for it.",
         AT_START + "12 weeks; per seed three scenes, one each under the fifteen-minute method, cameras, place "
         "managers; buffer 500 m. A change counts above a tenth of what was removed and above the placebo's.", "A",
         (NO_PHONE, NO_EXPLORING)),
    Page("V10", "Saturation wears off",
         "Sellers learn which hours at a place are watched and which are not, drift to them and to other "
         "places nearby or back; arrested ones are replaced by newcomers who have not learned.",
         AT_START + "22 weeks of six visits of 60 to 90 minutes a day at every scene; the first 12 weeks are "
         "the 12-week arm.", "B",
         (NO_SIGHT, NO_EXPLORING)),
    Page("V11", "Cameras",
         "A deal in full view of a watched, announced camera is felt as a risk (guardianship.camera_fear_sek): "
         "a seller refuses the deals that do not pay for it. Violence follows debts and cheating, not cameras.",
         AT_START + "12 weeks with every scene in view.", "B",
         (Off("no fear of cameras", (("guardianship.camera_fear_sek", 0.0),)),
          Off("cameras record no sale", (("detection.camera_share", 0.0),)))),
    Page("V12", "What is recorded",
         "Offences are recorded where officers, cameras or investigators see them, and away from scenes at a "
         "background rate; three rates were calibrated to these shares.",
         "A year of the City.", "B",
         (Off("no checks away from scenes", (("recording.background_share", 0.0),)),
          Off("no investigations", (("detection.investigate_open", 0.0), ("detection.investigate_hidden", 0.0))))),
    Page("V13", "Care",
         "Length of stay and acceptance are drawn from the sources' own figures: a check that they arrive, no evidence.",
         "Teaching town, 26 weeks of outreach at the scenes.", "A/B",
         (Off("half as many accept", (("treatment.accept_share", 0.045),)),
          Off("stays as if 30 % remained for a year", (("treatment.retention_12", 0.3), ("treatment.retention_36", 0.2))))),
)  # fmt: skip
"""The thirteen patterns in order."""
EXTRA = Page(
    "A45", "Market identities", "Bounds that follow from the number of users, purchases, prices and pay.",
    "A year of the City, at county scale.", "identity", (),
)  # fmt: skip


def page_of(pattern: str) -> Page:
    """Return the page of a pattern's id."""
    return next(page for page in (*PAGES, EXTRA) if page.id == pattern)
