"""The steps of the journey over a deployed platform, a module each, in the order of ``plan``."""
