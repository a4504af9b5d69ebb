"""The `.keras` archive of a model, the same bytes whenever, wherever and on whichever backend it is written."""

import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

DATE = "1980-01-01@00:00:00"  # the first that a zip archive can hold
LEFT_OUT = (
    "shared_object_id",  # an address in memory, which tells what layers share: nothing with numbers here
    "quantization_config",  # always null here, and older releases of Keras refuse what they do not know
)


def archive(model: Any, about: str) -> bytes:
    """What Keras writes, without what differs from one writing to the next, and with `about` as `lstmc.json`."""
    with tempfile.TemporaryDirectory(prefix="lstmc-") as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        with ZipFile(path) as written:
            parts = {name: written.read(name) for name in written.namelist()}
    parts["metadata.json"] = _json(json.loads(parts["metadata.json"]) | {"date_saved": DATE})
    parts["config.json"] = _json(json.loads(parts["config.json"], object_hook=_kept))
    return _zip(parts | {"lstmc.json": about.encode()})


def _kept(config: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in LEFT_OUT}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as written:
        for name, data in parts.items():
            info = ZipInfo(name)  # of DATE
            info.create_system, info.external_attr = 3, 0o644 << 16  # as on Unix, on every system
            written.writestr(info, data)
    return stream.getvalue()
