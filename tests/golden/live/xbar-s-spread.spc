# the spread of a group is judged too
plan {chart: xbar-s, subgroup: {size: 4}, rules: [1], baseline: {centre: 0, sigma: 1}}
points -1 1 -1 1 -3 3 -3 3 -1 1 -1 1
expect s 1 at 7..7 side above
