# a shift of one and a half sigma shows on the EWMA where no value is beyond three
chart ewma
option target 0
option sigma 1
option lambda 0.2
values 0.2 -0.5 0.3 -0.1 1.6 1.4 1.8 1.3 1.7 1.5
expect ewma statistic 0.04 at 0
expect ewma ucl 0.6 at 0
expect rule 1 on ewma at 8
expect rule 1 on ewma at 9
