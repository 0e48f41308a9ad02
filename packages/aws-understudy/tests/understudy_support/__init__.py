"""What several folders of tests use: running emulators, raw requests, odd processes."""
