# counts of defects: 13 is on the upper limit of a mean of 4 (4 + 3 * 3), 14 beyond
plan {chart: c, rules: [1], baseline: {centre: 4, sigma: 3}}
points 4 5 3 13 4 14 2
expect c 1 at 5..5 side above
