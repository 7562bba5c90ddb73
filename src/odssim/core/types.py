"""Types that all rooms use."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
"""An array of numbers; shape and kind stand in words where it is used."""
