# without a sigma rules 2 to 4 still judge
limits centre 5 sigma 0
points 5*16 6 7 8 9 10 11 12 13 14
expect rule 3 at 20..24 side above span 15..20
expect rule 2 at 24 side above span 16..24
