# five rings per hour, the limits known: a mean beyond them, and a range
chart xbar-r
baseline centre 74
baseline sigma 0.01
subgroup 74.01 74.00 73.99 74.00 74.01
subgroup 74.02 74.02 74.01 74.02 74.02
subgroup 74.03 73.97 74.00 74.01 73.98
expect xbar ucl 74.0134 at 0
expect r ucl 0.0492 at 0
expect rule 1 on xbar at 1
expect rule 1 on r at 2
