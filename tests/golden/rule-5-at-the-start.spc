# two points suffice at the start: nothing is waited for
limits centre 0 sigma 1
rules 5
points 2.5 2.5 0
expect rule 5 at 1 side above span 0..1
