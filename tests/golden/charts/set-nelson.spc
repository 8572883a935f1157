# all eight: a far point, two of three, a trend
chart i-mr
baseline centre 0
baseline sigma 1
rules nelson
values 0 0.3 0.6 0.9 1.2 1.5 3.2
expect rule 3 on i at 5 span 0..5
expect rule 3 on i at 6 span 1..6
expect rule 1 on i at 6
