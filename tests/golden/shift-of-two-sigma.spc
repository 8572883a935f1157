# a shift of two sigma as rules 1, 2, 5 and 6 see it
limits centre 50 sigma 1
rules 1 2 5 6
points 50.2 49.6 50.9 48.9 50.3 52.1 51.8 53.2 52.4 51.6 52.2 51.9 52.5 52.3
expect rule 1 at 7 side above
expect rule 5 at 7..8 side above span 5..7
expect rule 5 at 10 side above
expect rule 5 at 12..13 side above
expect rule 6 at 8..13 side above span 5..8
expect rule 2 at 12..13 side above span 4..12
