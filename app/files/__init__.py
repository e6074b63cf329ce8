"""Files over HTTP: they come in by POST /files, and go out by addresses that the API gives."""
