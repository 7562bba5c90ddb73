"""The report that is handed in: one page of HTML in the order of the handbook's seven steps, and its tables as Excel."""
