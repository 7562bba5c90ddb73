"""A design tried many times: what it estimates, how often it is right, what it is worth."""
