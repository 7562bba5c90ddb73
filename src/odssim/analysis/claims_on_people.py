"""Claims of the handbook 10 to 17: decay, care, women, buyers, supply, tips, letters. No verdict stands here."""

from __future__ import annotations

from odssim.analysis.claims_on_places import OUTREACH, PATROL, SHORT, TOP
from odssim.analysis.claims_records import Claim, Lever, Method, Test

UPKEEP = Method("upkeep", (("lighting", 0.0),), top=TOP)
"""Cleaning and repair alone, so that light does not speak for them."""
ROOM = Method("treatment_capacity")
REFERRAL = Method("smadit")
REACH = Method("reach_women", (("acceptance", 0.0),))
FEWER = Method("compulsory_care", (("compulsory_year", 300.0),))
SEIZED = (
    Method("seizures_street", top=TOP, until=0.2),
    Method("seizures_border", (("extra_share", 0.5),), until=0.2),
)
LATE = (0.6, 1.0)

SECOND: tuple[Claim, ...] = (
    Claim(
        10, "Decay invites crime.", "Förfall bjuder in till brott.",
        (Test("open deals at places cleaned and repaired", "open_deals", "-", 5.0, (UPKEEP,), where="treated"),),
        (Lever("search.activity_pull", 0.0, 50.0), Lever("disorder.fear_share", 0.0, 0.9)),
        "Tested by its reverse: less decay, fewer deals. Litter counts as seen by buyers, not by vandals.",
    ),
    Claim(
        11, "Care reached through contact with the police lowers relapse.",
        "Vård som nås genom polisens kontakt minskar återfall.",
        (
            Test("entries into care, police offering it", "care_entries", "+", 5.0, (PATROL, ROOM, REFERRAL),
                 (PATROL, ROOM)),
            Test("drugs used, police offering care", "consumed_g", "-", 0.5, (PATROL, ROOM, REFERRAL), (PATROL, ROOM)),
        ),
        (Lever("smadit.referral", 0.0, 0.4), Lever("treatment.accept_share", 0.0, 0.3)),
        "Relapse after care by the road that led there is not modelled: it is the same for all. What is tested "
        "is whether the offer brings people to care and lowers use.",
    ),
    Claim(
        12, "Women and girls stay hidden.", "Kvinnor och flickor förblir dolda.",
        (
            Test("women among persons met, over women among active buyers", "women_met_share", "-", 5.0,
                 (SHORT, OUTREACH), per="women_active_share", kind="within"),
            Test("requests for care, once women are sought out", "care_asked", "+", 1.0, (SHORT, OUTREACH, REACH),
                 (SHORT, OUTREACH)),
        ),
        (Lever("detection.woman_factor", 1.0, 0.1), Lever("reach_women.women_reach", 0.0, 1.0)),
        "Persons met are stops and outreach contacts; sellers, who have no sex in the model, count among them "
        "as not women.",
    ),
    Claim(
        13, "Fewer buyers lower consumption, price and crime.",
        "Färre köpare minskar konsumtion, pris och brott.",
        (
            Test("drugs used", "consumed_g", "-", 2.0, (FEWER,)),
            Test("median price of cannabis", "price_cannabis_sek", "-", 2.0, (FEWER,)),
            Test("crime that pays for use", "funding_crimes", "-", 2.0, (FEWER,)),
        ),
        (Lever("funding.crime_share", 0.0, 0.8),),
        "Buyers are taken out by care by law, 300 cases a year, beyond what any city does.",
    ),
    Claim(
        14, "Trade is hard to move from an established place, yet displacement is the most frequent effect.",
        "Handeln är svår att flytta från en etablerad plats, men omfördelning är den vanligaste effekten.",
        (
            Test("open deals at the places patrolled", "open_deals", "+", 0.0, (PATROL,), where="treated",
                 nought=-50.0),
            Test("share of removed open deals found elsewhere or on the phone", "open_deals", "+", 0.0, (PATROL,),
                 nought=50.0, kind="moved"),
        ),
        (Lever("selling.explore_share", 0.0, 0.5),),
        "Hard to move: at least half stays; most frequent: more than half of what goes turns up again "
        "(assumptions). Other crime instead of dealing is not counted.",
    ),
    Claim(
        15, "The market recovers after a seizure.", "Marknaden återhämtar sig efter ett beslag.",
        (Test("drugs used, long after the seizures", "consumed_g", "0", 2.0, SEIZED, window=LATE),),
        (Lever("supply.hit_capacity", 1.0, 0.0),),
        "Seizures at the busiest places and at the border for a fifth of the time; measured in the last two "
        "fifths. High: an importer who is hit starts again from nothing.",
    ),
    Claim(
        16, "A marketed tip line deters.", "En marknadsförd tipslinje avskräcker.",
        (Test("open deals at the places", "open_deals", "-", 5.0, (Method("tip_line", top=TOP),),
              where="treated"),),
        (Lever("tip_line.tip_line", 0.0, 0.5), Lever("patrol.tip_attention", 0.0, 10.0)),
        "Deterrence comes through police who follow tips; the sign itself frightens nobody in the model.",
    ),
    Claim(
        17, "Letters to buyers cut arrests and traffic.", "Kort till bilägare minskar gripanden och trafik.",
        (
            Test("arrests", "arrests", "-", 5.0, (Method("buyer_letters", top=TOP),)),
            Test("minutes of buyers at the places", "crowd_min", "-", 5.0, (Method("buyer_letters", top=TOP),),
                 where="treated"),
        ),
        (Lever("buyer_letters.letters", 0.0, 1.0), Lever("approach.letter_weight", 0.0, 5.0)),
        "Traffic is buyers' presence; cars are not counted. Only buyers far from home get a card.",
    ),
)  # fmt: skip
