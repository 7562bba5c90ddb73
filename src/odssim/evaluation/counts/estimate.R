# {{ stamp }}
# Reproduces the estimates from panel.csv; base R suffices.
d <- read.csv("panel.csv", stringsAsFactors = FALSE)
d <- d[d$when != "washout", ]
alpha <- {{ alpha }}

total <- function(arm, when) sum(d$count[d$arm == arm & d$when == when])
one_arm <- function(arm) {
  before <- tapply(d$count[d$arm == arm & d$when == "before"], d$place[d$arm == arm & d$when == "before"], sum)
  after  <- tapply(d$count[d$arm == arm & d$when == "after"],  d$place[d$arm == arm & d$when == "after"],  sum)
  n <- before + after
  k <- length(n); p <- sum(after) / sum(n); w <- n / sum(n); s <- sum(w^2)
  influence <- (after - n * p) / (sum(n) * p * (1 - p) * (1 - w))
  # covariance of the scores if places' log ratios vary alike, for the degrees of freedom
  scores <- outer(w / (1 - w), w / (1 - w)) * (diag(k) - outer(w, w, "+") + s)
  list(log = log(sum(after) / sum(before)), v = (k - 1) / k * sum(influence^2), spread = s, places = k,
       df = sum(diag(scores))^2 / sum(scores^2))
}

# Poisson difference in differences with place and period effects (= log RIRR); jackknife over places within each arm
# (CR3), degrees of freedom of Bell and McCaffrey
t1 <- one_arm("treated"); c1 <- one_arm("control")
est <- t1$log - c1$log
se <- sqrt(t1$v + c1$v)
df <- (t1$spread + c1$spread)^2 / (t1$spread^2 / t1$df + c1$spread^2 / c1$df)
q <- qt(1 - alpha / 2, df)
cat(sprintf("poisson_did  %.10f  se %.10f  p %.6f  [%.6f, %.6f]\n",
            est, se, 2 * pt(-abs(est / se), df), est - q * se, est + q * se))

# RIRR and WDD; phi is the variance of a count over its mean (1: Poisson)
phi <- {{ dispersion }}
se_r <- sqrt(phi * (1 / total("treated", "before") + 1 / total("treated", "after") +
                    1 / total("control", "before") + 1 / total("control", "after")))
cat(sprintf("rirr         %.10f  se %.10f\n", est, se_r))
# counts before are brought to the length of the after period, those of controls to the number of treated places
k <- length(unique(d$period[d$when == "after"])) / length(unique(d$period[d$when == "before"]))
w <- t1$places / c1$places
change <- function(arm) total(arm, "after") - k * total(arm, "before")
noise <- function(arm) total(arm, "after") + k^2 * total(arm, "before")
cat(sprintf("wdd          %.10f  se %.10f\n", change("treated") - w * change("control"),
            sqrt(phi * (noise("treated") + w^2 * noise("control")))))

# Permutation: the lottery again, within blocks if there are any
units <- unique(d[d$arm %in% c("treated", "control"), intersect(c("place", "arm", "block"), names(d))])
mechanism <- "{{ mechanism }}"
if (is.null(units$block) || mechanism == "complete") units$block <- 0
b <- sapply(units$place, function(x) sum(d$count[d$place == x & d$when == "before"]))
a <- sapply(units$place, function(x) sum(d$count[d$place == x & d$when == "after"]))
stat <- function(z) log(sum(a[z]) / sum(b[z])) - log(sum(a[!z]) / sum(b[!z]))
z <- units$arm == "treated"
set.seed({{ seed }})
redraw <- function() ave(as.numeric(z), units$block, FUN = function(x) x[sample.int(length(x))]) == 1
if (mechanism %in% c("complete", "blocked", "paired") && is.finite(stat(z))) {
  draws <- replicate({{ draws }}, abs(stat(redraw())))
  draws[!is.finite(draws)] <- Inf  # an arm without events counts as extreme
  cat(sprintf("permutation  %.10f  p %.4f (drawn; odssim lists all assignments if they are few)\n",
              stat(z), (1 + sum(draws >= abs(stat(z)) - 1e-9)) / (1 + length(draws))))
} else cat("permutation  no answer\n")

# The same model by fixest, where it is installed
if (requireNamespace("fixest", quietly = TRUE)) {
  e <- d[d$arm %in% c("treated", "control"), ]
  print(fixest::fepois(count ~ treated_after | place + period, data = e, cluster = ~place))
}
