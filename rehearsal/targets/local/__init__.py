"""The local target: the emulator and the unmodified CDK CLI, as processes of their own."""
