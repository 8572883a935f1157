# the same as rates
chart u-prime
counts 120 95 130 88 140 101
sizes 1000 900 1100 1000 1200 950
rules 1
expect u-prime centre 0.1096 at 0
expect u-prime ucl 0.1617 at 0
expect nothing
