"""Settings: TOML files read into frozen, typed models; nothing else in the project has options."""

from config.loader import ConfigError, load
from config.settings import Settings

__all__ = ["ConfigError", "Settings", "load"]
