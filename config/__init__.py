"""Settings: TOML files read into frozen, typed models; nothing else in the project has options."""

from config.errors import ConfigError
from config.loader import load
from config.settings import Settings

__all__ = ["ConfigError", "Settings", "load"]
