# two of three points beyond two sigma on one side; the third may lie anywhere
limits centre 0 sigma 1
rules 5
points 0*3 2.5 0 2.5 0*3 -2.5 2.5 -2.5 0 0
expect rule 5 at 5 side above span 3..5
expect rule 5 at 11 side below span 9..11
