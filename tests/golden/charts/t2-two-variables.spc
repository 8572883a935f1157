# two lengths that go together: each of the last part is usual, their combination is not
chart t2
baseline points 12
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
subgroup 10.6 4.6
expect t2 statistic 1.4525 at 0
expect t2 ucl 7.374 at 0
expect t2 ucl 26.98 at 12
expect t2 statistic 52.599 at 12
expect rule 1 on t2 at 12
