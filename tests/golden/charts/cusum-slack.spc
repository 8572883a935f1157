# a larger slack forgives more: 1 of the 1.4 that each value is off
chart cusum
option target 0
option sigma 1
option k 1
option h 2
values 1.4 1.4 1.4 1.4 1.4 1.4
expect cusum plus 2.4 at 5
expect rule 1 on cusum at 5 span 0..5
