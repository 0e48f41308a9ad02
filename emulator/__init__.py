"""An AWS look-alike on loopback: the far side of ``AWS_ENDPOINT_URL`` in a rehearsal."""
