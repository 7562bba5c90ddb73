"""Which mix to choose: objective, ranking, cost and effect, how sure the order is."""
