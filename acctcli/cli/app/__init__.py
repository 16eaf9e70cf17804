"""One run: options, console, session, errors and help."""
