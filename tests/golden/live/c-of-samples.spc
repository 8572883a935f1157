# defects of three boards together: 18 is on the upper limit of a mean of 9, 19 beyond; sigma follows from the mean
plan {chart: c, subgroup: {size: 3}, rules: [1], baseline: {centre: 9}}
points 3 3 3 6 6 6 6 6 7 3 3 3
expect c 1 at 8..8 side above
