"""What is estimated from counts, each estimator a function of a panel and a plan."""
