"""Keras with a backend that works, for as long as a file is written."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lstmc.errors import PluginError

BACKENDS = ("jax", "torch", "tensorflow")


def imported_keras(install: str) -> Any:
    """Keras; as it is where it is imported already. Raises PluginError where no backend is installed."""
    if "keras" in sys.modules:
        import keras
    else:
        with _variables(KERAS_BACKEND=chosen_backend(install), TF_CPP_MIN_LOG_LEVEL="3"):
            import keras
    return keras


@contextmanager
def able_to_hold(number_format: str, keras: Any) -> Iterator[None]:
    """Where JAX is the backend, float64 is no longer taken for float32."""
    if number_format != "float64" or keras.backend.backend() != "jax":
        yield
        return
    import jax

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", before)


def chosen_backend(install: str) -> str:
    """The one that Keras would take, so that later imports find what they expect; else the first that is installed."""
    wanted = os.environ.get("KERAS_BACKEND") or _configured()
    for backend in (wanted, *BACKENDS):
        if backend in BACKENDS and find_spec(backend):
            return backend
    raise PluginError(f"Keras: none of its backends is installed ({', '.join(BACKENDS)})", install)


def _configured() -> str:
    """The backend that the user's keras.json names; tensorflow where there is none, as Keras does."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return str(json.loads((home / "keras.json").read_text("utf-8"))["backend"])
    except (OSError, ValueError, KeyError, TypeError):
        return "tensorflow"


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    """Environment variables, as they were again afterwards. What frameworks set for themselves stays."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
