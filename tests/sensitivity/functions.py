"""Test functions with known answers, and luck of two kinds."""

from __future__ import annotations

import numpy as np

A = np.array([0.0, 1.0, 4.5, 9.0])


def g_function(unit, a=A):
    """Sobol's g-function of the first len(a) columns."""
    x = unit[..., : len(a)]
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=-1)


def g_answers(a=A):
    """Return V, S and ST of the g-function in closed form."""
    own = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + own) - 1
    total = own * np.prod(1 + own) / (1 + own) / variance
    return variance, own / variance, total


def ishigami(unit, a=7.0, b=0.1):
    """Return the Ishigami function of the first three columns, which stand for -pi..pi."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[..., 0]) + a * np.sin(x[..., 1]) ** 2 + b * x[..., 2] ** 4 * np.sin(x[..., 0])


def ishigami_answers(a=7.0, b=0.1):
    """Return V, S and ST in closed form (Ishigami and Homma 1990)."""
    first = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    second = a**2 / 8
    both = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first + second + both
    return variance, np.array([first, second, 0.0]) / variance, np.array([first + both, second, both]) / variance


def with_noise(f, sd, n_replicates, seed=1):
    """Return float64[..., replicates]: fresh luck in every run."""
    rng = np.random.default_rng(seed)
    return f[..., None] + sd * rng.normal(size=(*f.shape, n_replicates))


def columns(k, dummy=True):
    """Return the groups of k parameters, the last being the dummy."""
    names = [f"x{i + 1}" for i in range(k - dummy)] + ["dummy"] * dummy
    return {name: [i] for i, name in enumerate(names)}
