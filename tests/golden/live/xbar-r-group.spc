# means of four, each point a group: 1.6 is beyond three sigma of a mean and not of a value
plan {chart: xbar-r, subgroup: {size: 4}, rules: [1], baseline: {centre: 0, sigma: 1}}
points -1 1 -1 1 0.6 2.6 0.6 2.6 -1 1 -1 1
expect xbar 1 at 7..7 side above
