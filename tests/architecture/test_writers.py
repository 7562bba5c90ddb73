"""Who writes which column: a new writer has to be declared here, and to be a good idea."""

from collections import defaultdict
from pathlib import Path

from architecture.source import trees, writes
from odssim.world import columns

# fmt: off
WRITERS: dict[str, dict[str, str]] = {
    "buyers": {
        "belief build": "known",
        "belief build purchase use": "price",
        "belief build use": "avail wait",
        "belief choice purchase use": "contact_avail",
        "belief purchase": "last_seller last_slot",
        "belief purchase use": "last_kind",
        "belief use": "contact risk seen_day",
        "choice": "slot",
        "choice need": "deadline need_substance",
        "choice need presence purchase search": "act",
        "choice need presence search": "until",
        "choice need purchase": "attempt tried",
        "choice need queue": "place",
        "presence purchase recording": "carry_mg",
        "detection recruitment": "seller",
        "detection treatment use": "status status_until",
        "need": "need_day need_i need_minute",
        "need purchase": "waited",
        "need purchase use": "wallet",
        "purchase": "stranger",
        "purchase use": "credit_day",
        "queue": "next previous wait_start",
        "queue search": "woken",
        "treatment use": "care care_day",
        "use": "income rate type uid",
    },
    "clock": {
        "day": "n_events now",
        "day queue": "free_event",
        "patrol": "n_visits",
        "treatment": "care_base",
        "patrol queue": "fault",
        "queue": "n_ledger n_log",
    },
    "importers": {
        "supply": "capacity cash n_sent next_day stock",
    },
    "places": {
        "disorder": "nuisance litter alarm fear",
        "disorder purchase": "attention",
        "guardianship": "n_police n_others",
        "queue": "first_buyer first_seller first_visit n_buyers",
        "selling": "n_visible",
    },
    "programmes": {
        "guardianship": "delivered_min n_delivered",
        "patrol": "n_planned planned_min",
    },
    "sellers": {
        "belief recruitment selling": "risk",
        "build selling": "spot",
        "detection recruitment": "status status_until wary_until",
        "detection need purchase supply": "stock",
        "detection recruitment selling": "act plan",
        "detection selling": "shift",
        "need purchase recruitment supply": "cash",
        "pricing": "price",
        "purchase selling": "busy_until shift_income sold turned_away",
        "queue": "next previous",
        "queue selling": "place",
        "recruitment": "buyer kind uid",
        "recruitment selling": "profit",
        "recruitment supply": "order_day",
        "selling":
            "emerging end hidden_profit plan_end plan_slot plan_start pushes saw_guardian slot start until worked",
        "supply": "order_mg",
    },
    "units": {
        "guardianship": "busy_until",
    },
    "visits": {
        "detection guardianship patrol": "incident",
        "guardianship": "arrived",
        "guardianship patrol": "end state",
        "patrol": "kind may_arrest may_search place programme refer start stash stay uid unit",
        "patrol queue": "next previous",
    },
    "wholesalers": {
        "supply": "cash price stock",
    },
}
# fmt: on
"""By table, the files that write (joined where several do) and their columns. `build` is the start of a run."""
DTYPES = {
    "buyers": columns.BUYER, "sellers": columns.SELLER, "places": columns.PLACE, "visits": columns.VISIT,
    "units": columns.UNIT, "programmes": columns.PROGRAMME, "importers": columns.IMPORTER,
    "wholesalers": columns.WHOLESALER,
}  # fmt: skip


def found() -> dict[str, dict[str, set[str]]]:
    """Return, by table and column, the files with an assignment to it."""
    columns_of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path, tree in trees().items():
        for name in writes(tree):
            table, column = name.split(".")
            columns_of[table][column].add(Path(path).stem)
    return columns_of


def declared() -> dict[str, dict[str, set[str]]]:
    return {
        table: {column: set(files.split()) for files, names in by_files.items() for column in names.split()}
        for table, by_files in WRITERS.items()
    }


def test_every_column_is_written_by_the_declared_files_only():
    assert {table: dict(names) for table, names in found().items()} == declared()


def test_every_written_name_is_a_column():
    for table, names in declared().items():
        if table != "clock":
            assert set(names) <= set(DTYPES[table].names or ())
