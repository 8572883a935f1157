# fourteen points up and down in turn, as an over-adjusted process does
limits centre 0 sigma 1
rules 4
points 0 0.5 0*2 0.5 0 0.5 0 0.5 0 0.5 0 0.5 0 0.5 0 0.5 0.5
expect rule 4 at 16 side none span 3..16
