# no rule looks across a missing value
limits centre 0 sigma 1
points 0.5 0.6 0.5*3 missing 0.5*5 0.4
expect nothing
