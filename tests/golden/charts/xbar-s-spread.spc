# deviations of four, sigma from their mean over c4
chart xbar-s
subgroup 5 7 6 6
subgroup 6 6 8 4
subgroup 7 5 5 7
subgroup 6 9 5 4
expect xbar centre 6 at 0
expect xbar ucl 8.3463 at 0
expect s centre 1.4411 at 0
expect s ucl 3.2656 at 3
expect s lcl 0 at 3
expect nothing
