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
  k <- length(n); p <- sum(after) / sum(n); w <- n / sum(n); s <- sum(w^2)
  influence <- (after - n * p) / (sum(n) * p * (1 - p) * (1 - w))
  # covariance of the scores if places' log ratios vary alike, for the degrees of freedom
  scores <- outer(w / (1 - w), w / (1 - w)) * (diag(k) - outer(w, w, "+") + s)
  list(log = log(sum(after) / sum(before)), v = (k - 1) / k * sum(influence^2), spread = s, places = k,
       df = sum(diag(scores))^2 / sum(scores^2))
}}

# Poisson difference in differences with place and period effects (= log RIRR); jackknife over places within each arm
# (CR3), degrees of freedom of Bell and McCaffrey
t1 <- one_arm("treated"); c1 <- one_arm("control")
est <- t1$log - c1$log
se <- sqrt(t1$v + c1$v)
df <- (t1$spread + c1$spread)^2 / (t1$spread^2 / t1$df + c1$spread^2 / c1$df)
q <- qt(1 - alpha / 2, df)
cat(sprintf("poisson_did  %.10f  se %.10f  p %.6f  [%.6f, %.6f]\\n",
            est, se, 2 * pt(-abs(est / se), df), est - q * se, est + q * se))

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

* Poisson difference in differences; Stata's own clustered error is too small with few places in an arm
xtpoisson count treated_after i.period_id, fe vce(robust)

* The same estimate by its closed form: jackknife over places within each arm (CR3), degrees of freedom of Bell and McCaffrey
preserve
generate since = count * (when == "after")
collapse (sum) n = count since, by(place_id arm)
egen all_n = total(n), by(arm)
egen all_since = total(since), by(arm)
egen places = count(n), by(arm)
generate w = n / all_n
generate w2 = w^2
egen s = total(w2), by(arm)
generate p = all_since / all_n
generate v = (places - 1) / places * ((since - n * p) / (all_n * p * (1 - p) * (1 - w)))^2
generate g0 = (w / (1 - w))^2
generate g1 = g0 * w
generate g2 = g0 * w2
generate trace = g0 * (1 - 2 * w + s)
generate diagonal = g0^2 * (1 - 4 * w + 2 * s)
collapse (sum) v g0 g1 g2 trace diagonal (first) s p, by(arm)
gsort -arm
generate df = trace^2 / (s^2 * g0^2 - 4 * s * g0 * g1 + 2 * g0 * g2 + 2 * g1^2 + diagonal)
scalar est = ln(p[1] / (1 - p[1])) - ln(p[2] / (1 - p[2]))
scalar se = sqrt(v[1] + v[2])
scalar df = (s[1] + s[2])^2 / (s[1]^2 / df[1] + s[2]^2 / df[2])
restore
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
