"""For all tests: the same Hypothesis examples in every run, no deadline to miss, and one thread for each process.

Tests run side by side already. More threads of a framework would only wait for each other, in every small step.
"""

import os

from hypothesis import HealthCheck, settings

for library in ("OMP", "OPENBLAS", "MKL"):  # before anything imports numpy
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

settings.register_profile(
    "reproducible",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("reproducible")
