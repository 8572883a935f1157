# a count on the limit is inside
chart c
baseline centre 16
counts 16 28 29 4 3
rules 1
expect c ucl 28 at 0
expect c lcl 4 at 0
expect rule 1 on c at 2
expect rule 1 on c at 4
