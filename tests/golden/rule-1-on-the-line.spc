# a point on the limit is inside it
limits centre 100 sigma 2
rules 1
points 100 106 94 106.001 93.999
expect rule 1 at 3 side above
expect rule 1 at 4 side below
