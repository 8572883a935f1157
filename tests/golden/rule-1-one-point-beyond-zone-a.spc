# one point beyond zone A, with ten points of context on each side
limits centre 0 sigma 1
points 0*10 4 0*10
expect rule 1 at 10 side above span 10..10 context 0..20
