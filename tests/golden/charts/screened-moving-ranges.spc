# one wild value makes two wild ranges: screened once, limits are half as wide, and it signals
chart i-mr
option screenMovingRanges true
values 10 10.2 9.9 10.1 10.0 9.8 16 10.1 9.9 10.2 10.0
rules 1
expect i centre 10.5636 at 0
expect i ucl 11.1288 at 0
expect rule 1 on i at 6
expect rule 1 on i at 5
expect rule 1 on i at 2
expect rule 1 on i at 8
expect rule 1 on mr at 6
expect rule 1 on mr at 7
