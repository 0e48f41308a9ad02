"""Log groups and their retention, and what tells somebody that a run failed or costs too much."""
