"""The page ``index.html``: what was proved and what was not, in one file."""
