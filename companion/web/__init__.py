"""The dashboard in a browser: who may come in, one process per page, and the page itself."""
