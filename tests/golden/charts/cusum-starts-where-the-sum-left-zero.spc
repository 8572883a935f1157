# the span of a CUSUM signal begins where the shift did
chart cusum
option target 10
option sigma 1
option h 4
values 10 9.5 10.2 11.8 12.1 11.9 12.2
expect rule 1 on cusum at 5 span 3..5
expect rule 1 on cusum at 6 span 3..6
