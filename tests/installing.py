"""Install a plugin in a folder on the path."""

from collections.abc import Mapping
from pathlib import Path


def install(
    folder: Path, package: str, version: str, points: Mapping[str, Mapping[str, str]], module: str, code: str
) -> None:
    """What an installer makes of a module and its entry points."""
    info = folder / f"{package}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", "utf-8")
    lines = []
    for group, named in points.items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in named.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    (folder / f"{module}.py").write_text(code, "utf-8")
