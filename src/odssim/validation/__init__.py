"""Does the model behave as real markets do: patterns with bands, claims of the handbook, data sets, presets."""
