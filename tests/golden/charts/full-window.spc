# rules 5 and 6 that wait for three and five points
chart i-mr
baseline centre 0
baseline sigma 1
option startup full-window
rules 5 6
values 2.1 2.2 1.1 1.1 1.1
expect rule 6 on i at 4 span 0..4
