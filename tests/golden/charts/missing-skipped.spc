# a missing value that is as if it had not been
chart i-mr
baseline centre 0
baseline sigma 1
option missing skip
rules 2
values 1 1 1 1 1 missing 1 1 1 1
expect rule 2 on i at 9 span 0..9
