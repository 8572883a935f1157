# limits that one of twenty points in control passes
chart t2
option confidence 0.95
subgroup 10.1 5.2
subgroup 9.8 4.9
subgroup 10.3 5.1
subgroup 9.9 5.0
subgroup 10.0 4.8
subgroup 10.2 5.3
subgroup 9.7 4.7
subgroup 10.1 5.0
subgroup 9.9 4.9
subgroup 10.0 5.1
subgroup 10.4 5.2
subgroup 9.8 5.0
expect t2 ucl 4.9015 at 0
expect nothing
