* {{ stamp }}
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
display "interval     " %9.6f est - invttail(df, {{ alpha }} / 2) * se "  " %9.6f est + invttail(df, {{ alpha }} / 2) * se

* RIRR and WDD; phi is the variance of a count over its mean (1: Poisson)
scalar phi = {{ dispersion }}
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
