"""The tables of a settings file, a module each, by the rooms that `components/` has too."""
