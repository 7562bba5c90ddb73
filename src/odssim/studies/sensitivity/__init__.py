"""Which parameters matter, for what, and how sure that is: indices of a model whose runs hold chance."""
