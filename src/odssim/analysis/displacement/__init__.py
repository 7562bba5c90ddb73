"""Where the trade went: rings and catchment areas, WDQ and WDD, the ledger of needs."""
