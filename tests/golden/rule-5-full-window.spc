# unless full windows are asked for
limits centre 0 sigma 1
rules 5
option startup full-window
points 2.5 2.5 0 2.5
expect rule 5 at 3 side above span 1..3
