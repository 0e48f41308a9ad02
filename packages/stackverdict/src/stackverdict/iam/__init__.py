"""Who may do what: statements, what they allow, and what is wrong with them."""
