"""Claims of the handbook 1 to 9: control of places, and what follows from it. No verdict stands here.

Smallest effects of interest are assumptions: what a planner would notice, 5 % of deals at a place, 2 % of a
city's sum or price.
"""

from __future__ import annotations

from odssim.analysis.claims_records import Claim, Lever, Method, Test

TOP = 3
PATROL = Method("hot_spot_patrol", top=TOP)
REPRESSION = Method("street_enforcement", top=TOP)
OUTREACH = Method("joint_outreach", top=TOP)
SHORT = Method("fifteen_minute_patrol", top=TOP)
TIMETABLE = Method("fifteen_minute_patrol", (("irregular", False),), top=TOP)
PLAN = Method("place_focus", top=TOP)
DELIVERY = 0.8
"""Share of plans carried out without coordination, where claim 2 needs something to mend (assumption)."""
MORE_POLICE = Method("hot_spot_patrol", (("visits_per_day", 5),), top=TOP, delivery=DELIVERY)
"""Five visits a day cost about what two visits and the partners of `PARTNERSHIP` cost."""
PARTNERSHIP = (
    Method("hot_spot_patrol", top=TOP, delivery=DELIVERY),
    Method("guards_and_hosts", top=TOP, delivery=DELIVERY),
    Method("place_managers", top=TOP, delivery=DELIVERY),
    Method("upkeep", top=TOP, delivery=DELIVERY),
    Method("joint_outreach", top=TOP, delivery=DELIVERY),
    PLAN,
)
CAMERAS = Method("cameras", (("coverage", 1.0),), top=TOP)
BORDER = Method("seizures_border", (("extra_share", 0.3),))

FIRST: tuple[Claim, ...] = (
    Claim(
        1, "Repression alone dampens or moves trade, and keeps users from help.",
        "Enbart repression dämpar eller flyttar handeln, och håller brukare borta från hjälp.",
        (
            Test("open deals at the places enforced", "open_deals", "-", 5.0, (REPRESSION,), where="treated"),
            Test("contacts of outreach with users, with enforcement beside it", "care_contacts", "-", 5.0,
                 (OUTREACH, REPRESSION), (OUTREACH,)),
        ),
        (Lever("belief.see.police", 0.0, 0.5),),
        "Trust in authorities is not modelled; users are kept from help by being elsewhere.",
    ),
    Claim(
        2, "A broad partnership beats more police at the same cost.",
        "Bred samverkan slår fler poliser för samma pengar.",
        (Test("open deals, partnership over more police", "open_deals", "-", 2.0, PARTNERSHIP, (MORE_POLICE,)),),
        (Lever("place_focus.bonus", 0.0, 0.5), Lever("place_managers.manager", 0.0, 0.8)),
        "Better choice of measures and referral between actors are not modelled.",
    ),
    Claim(
        3, "Displacement is often rather small.", "Omfördelningen är ofta rätt liten.",
        (Test("share of removed open deals found elsewhere or on the phone", "open_deals", "-", 10.0, (PATROL,),
              nought=50.0, kind="moved"),),
        (Lever("selling.explore_share", 0.0, 0.5),),
        "Small means less than half (assumption). Deals at another time at the same place count as not removed.",
    ),
    Claim(
        4, "Trade spread over a larger area can be better than one scene.",
        "Att brottet sprids över ett större område kan vara att föredra.",
        (Test("passers-by kept away per open deal, busiest scene closed", "kept_away", "-", 5.0,
              (Method("scene_closure", top=1),), per="open_deals"),),
        (Lever("disorder.half", 10_000.0, 5.0),),
        "Off: nuisance keeps people away in proportion, wherever it is. Reached by closing the busiest place.",
    ),
    Claim(
        5, "Seizures raise prices and lower demand.", "Beslag höjer priset och minskar efterfrågan.",
        (
            Test("median price of cannabis", "price_cannabis_sek", "+", 2.0, (BORDER,)),
            Test("drugs used", "consumed_g", "-", 2.0, (BORDER,)),
        ),
        (Lever("supply.pass_through", 0.0, 3.0),),
        "Customs take 30 percentage points more of all consignments.",
    ),
    Claim(
        6, "Harder and slower buying lowers demand.", "Svårare och långsammare köp minskar efterfrågan.",
        (Test("drugs used", "consumed_g", "-", 2.0,
              (Method("fifteen_minute_patrol", top=10), Method("place_managers", top=10))),),
        (Lever("choice.time_value_sek_h", 0.0, 200.0),),
        "Short patrols and place managers at the ten busiest places.",
    ),
    Claim(
        7, "Crowds help sellers.", "Stora grupper av människor gynnar säljarna.",
        (Test("recorded sales per open deal, more people staying at scenes", "recorded_sale_at_places", "-", 5.0,
              (PATROL,), (PATROL,), per="open_deals", parameters=(("presence.company_share", 0.5),)),),
        (Lever("detection.conceal", 0.0, 0.95),),
        "The crowd is of users who stay for company; crowds of passers-by are not changed.",
    ),
    Claim(
        8, "An irregular fifteen minutes feels like more police than there are.",
        "Oregelbundna 15 minuter upplevs som fler poliser än de är.",
        (Test("open deals at the places, irregular visits over the same visits by timetable", "open_deals", "-",
              5.0, (SHORT,), (TIMETABLE,), where="treated"),),
        (Lever("belief.see.police", 0.0, 0.5),),
        "Felt presence is read from deals that do not take place.",
    ),
    Claim(
        9, "Cameras can end a scene.", "Kameror kan få en drogscen att upphöra.",
        (Test("open deals at the places filmed", "open_deals", "-", 0.0, (CAMERAS,), where="treated",
              nought=-80.0),),
        (Lever("guardianship.camera_fear_sek", 0.0, 5000.0),),
        "Ended means that four deals of five are gone (assumption); whole view, watched, with signs.",
    ),
)  # fmt: skip
