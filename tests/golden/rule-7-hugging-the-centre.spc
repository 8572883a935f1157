# fifteen points within one sigma, lines included: limits too wide, or mixed sources in one sample
limits centre 0 sigma 1
rules 7
points 1.5 1 -1 0.5*13 2
expect rule 7 at 15 side none span 1..15
