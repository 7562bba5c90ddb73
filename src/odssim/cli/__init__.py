"""The command line: thin; every command imports what it needs when it is called."""
