"""Draw the architecture from the templates' own references and grants."""
