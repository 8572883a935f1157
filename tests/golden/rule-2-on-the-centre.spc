# a point on the centre line belongs to no side and ends the run
limits centre 0 sigma 1
rules 2
points 0.5*8 0 0.5*8
expect nothing
