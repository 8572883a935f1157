# eight points beyond one sigma on both sides and none between: two sources on one chart
limits centre 0 sigma 1
rules 8
points 0 1.5 -1.5 1.2 1.4 -1.1 1.3 1.5 -1.2 0
expect rule 8 at 8 side both span 1..8
