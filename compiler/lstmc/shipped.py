"""The grammar files that come with lstmc."""

from pathlib import Path

_INSTALLED = Path(__file__).with_name("grammars")  # inside the wheel
_CHECKOUT = Path(__file__).parents[2] / "grammars"  # in a checkout that is installed with `pip install -e`


def shipped() -> dict[str, Path]:
    """The shipped grammar files by name, sorted."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
