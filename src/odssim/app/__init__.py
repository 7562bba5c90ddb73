"""The live page: a city that moves, interventions placed while it runs, two worlds with the same random numbers.

`sources` and `plan` say what may be shown, `pane` holds one simulated world, `session` moves one or two of
them through time and tells those who watch, `server` speaks HTTP and websockets, `page` is what the browser
gets. Extra ``live``.
"""
