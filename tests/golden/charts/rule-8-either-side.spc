# eight points beyond one sigma on one side, where that counts too
chart i-mr
baseline centre 0
baseline sigma 1
option rule8 either-side
rules 8
values 1.2 1.4 1.2 1.4 1.2 1.4 1.2 1.4 1.2
expect rule 8 on i at 7 span 0..7
expect rule 8 on i at 8 span 1..8
