"""Real micro-data beside the model. The files stay with the user; their summary figures are in `figures`."""
