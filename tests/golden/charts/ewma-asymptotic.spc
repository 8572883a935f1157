# the limits of a long series from the first point on: 3 * sqrt(0.2 / 1.8)
chart ewma
option target 0
option sigma 1
option lambda 0.2
option asymptotic true
values 4.9 5.1 0
expect ewma ucl 1 at 0
expect ewma ucl 1 at 2
expect rule 1 on ewma at 1
expect rule 1 on ewma at 2
