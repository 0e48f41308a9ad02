"""Where a rehearsal runs: on the emulator of this machine, or in a real account."""
