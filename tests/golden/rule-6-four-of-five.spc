# four of five points beyond one sigma on one side
limits centre 0 sigma 1
rules 6
points 0 1.5 1.5 0.2 1.5 1.5 0 0
expect rule 6 at 5 side above span 1..5
