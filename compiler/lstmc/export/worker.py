"""The server around a Python snippet; runtime.py says what it reads and writes. It is started as a script.

    python -P worker.py snippet.py 8 11 11          and how wide each part is that `predict` returns

Nothing of lstmc is imported, and the snippet cannot import it either: it must work for those who do not have it.
"""

import os
import runpy
import sys
import time
from typing import Any

sys.modules["lstmc"] = None  # type: ignore[assignment]  # an import of lstmc is an error from here on


def main(snippet: str, widths: list[int]) -> None:
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what the snippet prints is no answer
        predict = runpy.run_path(snippet)["predict"]
        answers.write(b"READY\n")
        answers.flush()
        serve(predict, widths, answers)


def serve(predict: Any, widths: list[int], answers: Any) -> None:
    import numpy as np

    questions, state = sys.stdin.buffer, ()
    while head := questions.read(12):
        batch, length, goes_on = np.frombuffer(head, "<i4").tolist()
        tokens = np.frombuffer(questions.read(4 * batch * length), "<i4").astype(np.int64).reshape(batch, length)
        began = time.perf_counter()
        found = predict(tokens, *(state if goes_on else ()))
        numbers = [wide(part) for part in found]
        seconds = time.perf_counter() - began
        given = [plain.shape[-1] if plain.ndim else 0 for plain in numbers]
        if given != widths:  # who asks would wait for ever
            raise SystemExit(f"predict returns parts of the widths {given}, not {widths}")
        state = tuple(part for part, plain in zip(found, numbers, strict=True) if plain.ndim == 2)
        for plain in [*numbers, np.array([seconds])]:
            answers.write(plain.astype("<f8").tobytes())
        answers.flush()


def wide(part: Any) -> Any:
    """The numbers of any framework as numpy's float64."""
    import numpy as np

    if hasattr(part, "detach"):  # PyTorch; its bfloat16 numpy cannot read, nor what lies on a GPU
        part = part.detach().cpu().double()
    return np.asarray(part).astype(np.float64)


if __name__ == "__main__":
    main(sys.argv[1], [int(width) for width in sys.argv[2:]])
