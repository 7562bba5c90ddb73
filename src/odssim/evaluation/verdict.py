"""What an evaluator would conclude, by a rule declared in advance."""

import numpy as np

from odssim.evaluation.estimates import Array, Estimates

NET_REDUCTION = "net reduction"
DISPLACEMENT = "displacement"
UNCLEAR = "unclear where"
NO_EFFECT = "no effect shown"
RISE = "rise"
NO_ANSWER = "no answer"
VERDICTS = (NET_REDUCTION, DISPLACEMENT, UNCLEAR, NO_EFFECT, RISE, NO_ANSWER)


def verdicts(target: Estimates, buffer: Estimates | None = None, overall: Estimates | None = None) -> Array:
    """Return one verdict per replicate, text[R], by the default rule.

    Target's interval below zero, and that of target and surroundings together too: net reduction. Target's
    below zero, the overall one holds zero and the buffer's lies above zero: displacement. Target's below zero
    otherwise (also where nothing was counted around it): unclear where. Target's above zero: rise. No estimate, or
    a test that no outcome could have passed: no answer. Else: no effect shown, which is not "no effect".
    """
    found = np.full(len(target.estimate), NO_EFFECT, dtype=object)
    found[~target.answered] = NO_ANSWER
    found[target.established(1)] = RISE
    falls = target.established(-1)
    found[falls] = UNCLEAR
    if overall is not None:
        if buffer is not None:
            found[falls & overall.answered & ~overall.rejected & buffer.established(1)] = DISPLACEMENT
        found[falls & overall.established(-1)] = NET_REDUCTION
    return found
