"""The version of lstmc, which weights files name as their compiler; pyproject.toml reads it from here."""

VERSION = "0.1.0"
