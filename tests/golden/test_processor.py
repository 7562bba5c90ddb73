"""The same bytes on processors with and without wide instructions: state and every table that is written."""

import json
import os
import subprocess
import sys

import pytest
from numpy._core import _multiarray_umath as numpy_core

from golden.measure import differing
from golden.outputs import __file__ as script
from golden.outputs import outputs

HERE = [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__[name]]
"""What this processor has beyond the least that NumPy asks for (AVX2, AVX-512)."""


@pytest.mark.skipif(not HERE, reason="this processor has nothing that NumPy could do without")
def test_the_same_bytes_without_the_wide_instructions():
    without = {"NPY_DISABLE_CPU_FEATURES": " ".join(HERE), "OPENBLAS_CORETYPE": "Nehalem"}
    done = subprocess.run([sys.executable, script], env=os.environ | without, capture_output=True, text=True, check=True)
    found = outputs()
    assert differing(json.loads(done.stdout), found) == []
    assert len(found) > 350
