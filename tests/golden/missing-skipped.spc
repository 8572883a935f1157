# unless missing values are to be skipped
limits centre 0 sigma 1
rules 2
option missing skip
points 0.5*5 missing 0.5*4
expect rule 2 at 9 side above span 0..9
