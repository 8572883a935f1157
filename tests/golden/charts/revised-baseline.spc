# a point beyond its own limits leaves them, and still signals
chart i-mr
baseline revise true
values 5 6 5 4 5 6 5 4 5 6 40 5 4 5 6 5 4 5 6 5 4
rules 1
expect i centre 5 at 0
expect rule 1 on i at 10
expect rule 1 on mr at 10
expect rule 1 on mr at 11
