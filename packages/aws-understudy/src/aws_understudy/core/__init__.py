"""What every service may use: requests, answers, errors, the context, the settings."""
