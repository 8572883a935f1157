# new limits begin a new phase: no rule looks across
limits centre 0 sigma 1
rules 2
points 0.5*8
limits centre 0 sigma 1
points 0.5*9
expect rule 2 at 16 side above span 8..16
