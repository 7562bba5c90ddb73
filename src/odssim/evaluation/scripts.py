"""Scripts in R and Stata that reproduce the estimates from panel.csv and panel.dta.

The R script needs base R only: it writes out the closed forms, so that a reader can check them by eye; where fixest
is installed it fits the same model once more. The Stata script uses what comes with Stata.
"""

from __future__ import annotations

from odssim.evaluation.design import Design

R_TEXT = """# {stamp}
# Reproduces the estimates from panel.csv; base R suffices.
d <- read.csv("panel.csv", stringsAsFactors = FALSE)
d <- d[d$when != "washout", ]
alpha <- {alpha}

total <- function(arm, when) sum(d$count[d$arm == arm & d$when == when])
one_arm <- function(arm) {{
  before <- tapply(d$count[d$arm == arm & d$when == "before"], d$place[d$arm == arm & d$when == "before"], sum)
  after  <- tapply(d$count[d$arm == arm & d$when == "after"],  d$place[d$arm == arm & d$when == "after"],  sum)
  n <- before + after
  p <- sum(after) / sum(n)
  u <- after - n * p
  list(log = log(sum(after) / sum(before)), v = sum(u^2) / sum(n * p * (1 - p))^2, places = length(n))
}}

# Poisson difference in differences with place and period effects (= log RIRR), CR1, t with G - 1
t1 <- one_arm("treated"); c1 <- one_arm("control")
est <- t1$log - c1$log
g <- t1$places + c1$places
se <- sqrt((t1$v + c1$v) * g / (g - 1))
q <- qt(1 - alpha / 2, g - 1)
cat(sprintf("poisson_did  %.10f  se %.10f  p %.6f  [%.6f, %.6f]\\n",
            est, se, 2 * pt(-abs(est / se), g - 1), est - q * se, est + q * se))

# RIRR and WDD; phi is the variance of a count over its mean (1: Poisson)
phi <- {dispersion}
se_r <- sqrt(phi * (1 / total("treated", "before") + 1 / total("treated", "after") +
                    1 / total("control", "before") + 1 / total("control", "after")))
cat(sprintf("rirr         %.10f  se %.10f\\n", est, se_r))
# counts before are brought to the length of the after period, those of controls to the number of treated places
k <- length(unique(d$period[d$when == "after"])) / length(unique(d$period[d$when == "before"]))
w <- t1$places / c1$places
change <- function(arm) total(arm, "after") - k * total(arm, "before")
noise <- function(arm) total(arm, "after") + k^2 * total(arm, "before")
cat(sprintf("wdd          %.10f  se %.10f\\n", change("treated") - w * change("control"),
            sqrt(phi * (noise("treated") + w^2 * noise("control")))))

# Permutation: the lottery again, within blocks if there are any
units <- unique(d[d$arm %in% c("treated", "control"), intersect(c("place", "arm", "block"), names(d))])
mechanism <- "{mechanism}"
if (is.null(units$block) || mechanism == "complete") units$block <- 0
b <- sapply(units$place, function(x) sum(d$count[d$place == x & d$when == "before"]))
a <- sapply(units$place, function(x) sum(d$count[d$place == x & d$when == "after"]))
stat <- function(z) log(sum(a[z]) / sum(b[z])) - log(sum(a[!z]) / sum(b[!z]))
z <- units$arm == "treated"
set.seed({seed})
redraw <- function() ave(as.numeric(z), units$block, FUN = function(x) x[sample.int(length(x))]) == 1
if (mechanism %in% c("complete", "blocked", "paired") && is.finite(stat(z))) {{
  draws <- replicate({draws}, abs(stat(redraw())))
  draws[!is.finite(draws)] <- Inf  # an arm without events counts as extreme
  cat(sprintf("permutation  %.10f  p %.4f (drawn; odssim lists all assignments if they are few)\\n",
              stat(z), (1 + sum(draws >= abs(stat(z)) - 1e-9)) / (1 + length(draws))))
}} else cat("permutation  no answer\\n")

# The same model by fixest, where it is installed
if (requireNamespace("fixest", quietly = TRUE)) {{
  e <- d[d$arm %in% c("treated", "control"), ]
  print(fixest::fepois(count ~ treated_after | place + period, data = e, cluster = ~place))
}}
"""

STATA_TEXT = """* {stamp}
* Reproduces the estimates from panel.dta
version 14
use panel.dta, clear
drop if when == "washout"
keep if inlist(arm, "treated", "control")
encode place, generate(place_id)
encode period, generate(period_id)
xtset place_id period_id

* Poisson difference in differences; errors clustered by place with G/(G-1)
xtpoisson count treated_after i.period_id, fe vce(robust)
scalar est = _b[treated_after]
scalar se = _se[treated_after]
scalar df = e(N_g) - 1
display "poisson_did  " %12.10f est "  se " %12.10f se "  p " %8.6f 2 * ttail(df, abs(est / se))
display "interval     " %9.6f est - invttail(df, {alpha} / 2) * se "  " %9.6f est + invttail(df, {alpha} / 2) * se

* RIRR and WDD; phi is the variance of a count over its mean (1: Poisson)
scalar phi = {dispersion}
egen one_place = tag(place)
egen one_period = tag(period when)
generate after = when == "after"
generate treated = arm == "treated"
quietly count if one_period & after
scalar k = r(N)
quietly count if one_period & !after
scalar k = k / r(N)
quietly count if one_place & treated
scalar w = r(N)
quietly count if one_place & !treated
scalar w = w / r(N)
collapse (sum) count, by(treated after)
poisson count i.treated##i.after
display "rirr         " %12.10f _b[1.treated#1.after] "  se " %12.10f sqrt(phi) * _se[1.treated#1.after]
* counts before are brought to the length of the after period, those of controls to the number of treated places
sort treated after
scalar wdd = count[4] - k * count[3] - w * (count[2] - k * count[1])
scalar noise = count[4] + k^2 * count[3] + w^2 * (count[2] + k^2 * count[1])
display "wdd          " %12.10f wdd "  se " %12.10f sqrt(phi * noise)
"""


def r_script(design: Design) -> str:
    """Return the R script of a design."""
    answer, lot = design.keys.answer, design.keys.data.assignment
    return R_TEXT.format(
        stamp=_stamp(design), alpha=f"{answer.alpha:g}", mechanism=lot.mechanism, seed=lot.seed % 2**31, draws=answer.draws,
        dispersion=f"{answer.dispersion_known or 1:g}",
    )  # fmt: skip


def stata_script(design: Design) -> str:
    """Return the Stata script of a design."""
    answer = design.keys.answer
    return STATA_TEXT.format(
        stamp=_stamp(design), alpha=f"{answer.alpha:g}", dispersion=f"{answer.dispersion_known or 1:g}"
    )


def _stamp(design: Design) -> str:
    return f"Design {design.id}, version {design.keys.design.version}, content hash {design.content_hash}"
