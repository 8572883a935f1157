# defects on ten units, two of them every second: 1.1 per unit is within 0.5 + 3 * 0.224, 1.2 beyond
plan {chart: u, subgroup: {window: 5s}, unitsPerPoint: 2, rules: [1], baseline: {centre: 0.5}}
points 3 2 1 4 1  2 3 2 4 1  1 1 1 1 1  0
expect u 1 at 9..9 side above
