"""The door: who is let in, what is asked, and who answers."""
