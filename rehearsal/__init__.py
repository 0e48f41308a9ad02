"""The journey of real data through a deployed platform, on the emulator or in a real account."""
