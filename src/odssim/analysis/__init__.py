"""What runs mean: paired differences, the ledger of needs, displacement."""
