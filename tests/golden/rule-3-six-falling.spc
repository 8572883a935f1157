# a tool that wears: falling for seven points
limits centre 5 sigma 1
rules 1 3
points 5 5.2 5.1 5 4.9 4.8 4.7 4.6 4.9
expect rule 3 at 6..7 side below span 1..6 context 0..8
