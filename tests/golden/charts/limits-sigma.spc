# narrower limits move rule 1 and nothing else
chart i-mr
baseline centre 0
baseline sigma 1
option limitsSigma 2
values 0 2.5 0 1.9
rules 1 5
expect i ucl 2 at 0
expect rule 1 on i at 1
