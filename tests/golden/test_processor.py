"""The same bytes on processors with and without wide instructions: state and every table that is written."""

import json
import os
import subprocess
import sys

import pytest
from numpy._core import _multiarray_umath as numpy_core

from golden import analyses, outputs
from golden.measure import differing

HERE = [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__[name]]
"""What this processor has beyond the least that NumPy asks for (AVX2, AVX-512)."""


@pytest.mark.skipif(not HERE, reason="this processor has nothing that NumPy could do without")
@pytest.mark.parametrize(("what", "at_least"), [(outputs, 350), (analyses, 160)], ids=["run", "analyses"])
def test_the_same_bytes_without_the_wide_instructions(what, at_least):
    without = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(HERE), "OPENBLAS_CORETYPE": "Nehalem"}
    done = subprocess.run([sys.executable, what.__file__], env=without, capture_output=True, text=True, check=True)
    found = what.outputs()
    assert differing(json.loads(done.stdout), found) == []
    assert len(found) > at_least
