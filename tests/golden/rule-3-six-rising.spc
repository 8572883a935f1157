# six points steadily rising; a tie ends the trend and its second point begins the next
limits centre 0 sigma 1
rules 3
points -0.5 -0.4 -0.3 -0.2 -0.1 0 0 0.1 0.2 0.3 0.4 0.5 0.4
expect rule 3 at 5 side above span 0..5
expect rule 3 at 11 side above span 6..11
