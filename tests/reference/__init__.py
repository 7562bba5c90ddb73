"""The second, naive implementation of ODD.md and its comparison with the compiled engine."""
