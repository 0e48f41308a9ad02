"""How a resource type becomes API calls."""
